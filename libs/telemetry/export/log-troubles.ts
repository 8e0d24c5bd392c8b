import { DiagLogLevel, diag } from '@opentelemetry/api';
import { setGlobalErrorHandler } from '@opentelemetry/core';
import type { Log } from '../log.ts';

/** A collector that is away fails every few seconds; the log says so once in a while. */
const quietMilliseconds = 60_000;

/** What the SDK complains of goes to our log: its own way is text on standard output, which is for JSON lines. */
export function logTroubles(log: Log): void {
  let quietUntil = 0;
  const warn = (fields: object, message: string) => {
    const now = performance.now();
    if (now < quietUntil) return;
    quietUntil = now + quietMilliseconds;
    log.warn(fields, message);
  };
  setGlobalErrorHandler((error) => warn({ err: error }, 'traces or metrics could not be exported; it goes on'));
  const say = (message: string) => log.debug({ context: 'opentelemetry' }, message);
  const complain = (message: string) => warn({ context: 'opentelemetry' }, message);
  const logger = { error: complain, warn: complain, info: say, debug: say, verbose: say };
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
}
