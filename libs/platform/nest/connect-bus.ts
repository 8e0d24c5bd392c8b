import type { DynamicModule, INestApplication, INestMicroservice, LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { AsyncMicroserviceOptions } from '@nestjs/microservices';
import type { Config } from '#config';
import { Bus } from '#messaging';
import { BusStrategy, FailuresToBus } from '#messaging/nest';
import { continueTrace } from '#telemetry';
import { isShown, messagingSpan, messagingSystems } from '../traced/index.ts';

/** Handlers take milliseconds, so more at once would only hold more in memory. */
const keysAtOnce = 32;

/** Brings the bus to the application's message handlers, each within the trace that its message belongs to. */
export function connectBus(app: INestApplication, config: Config): void {
  // With the application's own filter, which hands a message's error back to the bus.
  app.connectMicroservice({ strategy: strategyOn(app.get(Bus), config) }, { inheritAppConfig: true });
}

/** The same for services without HTTP: an application whose only way in is the bus. It does not listen yet. */
export async function createBusApp(
  module: DynamicModule,
  config: Config,
  logger: LoggerService,
): Promise<INestMicroservice> {
  const app = await NestFactory.createMicroservice<AsyncMicroserviceOptions>(module, {
    ...{ logger, abortOnError: false },
    ...{ useFactory: (bus: Bus) => ({ strategy: strategyOn(bus, config) }), inject: [Bus] },
  });
  app.useGlobalFilters(new FailuresToBus());
  return app;
}

function strategyOn(bus: Bus, config: Config): BusStrategy {
  const system = messagingSystems[config.platform];
  return new BusStrategy(bus, {
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
}
