import type { LoggerService } from '@nestjs/common';
import { type DestinationStream, type Logger, pino } from 'pino';
import { currentTrace } from './tracing.ts';

/** JSON lines on standard output. Fields first, then a sentence; errors under `err`. */
export abstract class Log {
  abstract debug(fields: object, message: string): void;
  abstract info(fields: object, message: string): void;
  abstract warn(fields: object, message: string): void;
  abstract error(fields: object, message: string): void;
}

const secrets = ['password', 'passwordHash', 'token', 'accessToken', 'refreshToken', 'secret', 'jwtSecret'].concat([
  'authorization',
  'cookie',
  '["set-cookie"]',
]);

/**
 * Whatever is called like a secret is hidden, at any of the depths that are logged; so is what looks like one inside of
 * a text, such as an error's message.
 */
export function createLog(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: {
      paths: secrets.flatMap((name) => ['', '*', '*.*'].map((parent) => path(parent, name))),
      censor: '[hidden]',
    },
    hooks: { streamWrite: withoutSecrets },
    mixin: () => {
      const current = currentTrace();
      return current === undefined ? {} : { trace_id: current.traceId, span_id: current.spanId };
    },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}

function path(parent: string, name: string): string {
  return parent === '' || name.startsWith('[') ? `${parent}${name}` : `${parent}.${name}`;
}

/** JSON Web Tokens, credentials of an Authorization header, and tokens and signatures in the query of a URL. */
function withoutSecrets(line: string): string {
  return line
    .replace(/\beyJ[\w-]{5,}\.[\w-]+\.[\w-]*/g, '[hidden]')
    .replace(/\b(Basic|Bearer) [\w+/=.~-]{8,}/gi, '$1 [hidden]')
    .replace(/([?&](?:access_token|token|sig|signature)=)[^&"\\\s]+/gi, '$1[hidden]');
}

/** What Nest itself has to say goes the same way; its chatter about wiring is for debugging. */
export function nestLogger(log: Log): LoggerService {
  const fields = (rest: readonly unknown[]) => ({ context: rest.at(-1) });
  return {
    log: (message, ...rest) => log.debug(fields(rest), String(message)),
    debug: (message, ...rest) => log.debug(fields(rest), String(message)),
    verbose: (message, ...rest) => log.debug(fields(rest), String(message)),
    warn: (message, ...rest) => log.warn(fields(rest), String(message)),
    error: (message, ...rest) => log.error({ ...fields(rest), stack: rest[0] }, String(message)),
    fatal: (message, ...rest) => log.error(fields(rest), String(message)),
  };
}
