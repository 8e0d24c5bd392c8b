import type { INestApplication } from '@nestjs/common';
import type { Config } from '#config';
import { Bus } from '#messaging';
import { BusStrategy } from '#messaging/nest';
import { continueTrace } from '#telemetry';
import { isShown, messagingSpan, messagingSystems } from './traced/index.ts';

/** Handlers take milliseconds, so more at once would only hold more in memory. */
const keysAtOnce = 32;

/** Brings the bus to the application's message handlers, each within the trace that its message belongs to. */
export function connectBus(app: INestApplication, config: Config): void {
  const system = messagingSystems[config.platform];
  const strategy = new BusStrategy(app.get(Bus), {
    concurrency: keysAtOnce,
    graceMs: (config.shutdownGraceSeconds * 1_000) / 4,
    around({ group, message, delivery }, handle) {
      if (!isShown(message)) return handle();
      const { name, ...options } = messagingSpan('process', system, message);
      const received = { 'messaging.consumer.group.name': group, 'mixdown.message.attempt': delivery.attempt };
      const attributes = { ...options.attributes, ...received };
      return continueTrace(message.headers.traceparent, name, handle, { ...options, attributes });
    },
  });
  // With the application's own filter, which hands a message's error back to the bus.
  app.connectMicroservice({ strategy }, { inheritAppConfig: true });
}
