import { json, type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import { serviceOf } from '#contracts';
import { Problem } from '../problems/problem.ts';
import { admitBody } from './admit-body.ts';
import { bodyDeadline } from './body-deadline.ts';
import { refuseDeeperThan } from './body-depth.ts';
import { hasBody } from './has-body.ts';

const maxBytes = 100 * 1024;
const maxDepth = 32;
const lingerMilliseconds = 2_000;

/**
 * Reads JSON bodies of bounded size and depth within a bounded time, and refuses all others. Bodies for the upload
 * service are its own.
 */
export function jsonBodies(deadlineMilliseconds: number): RequestHandler[] {
  return [bodyDeadline({ milliseconds: deadlineMilliseconds, lingerMilliseconds }), readJson()];
}

function readJson(): RequestHandler {
  const parse = json({ limit: maxBytes, verify: (_request, _response, text) => refuseDeeperThan(maxDepth, text) });
  return (request: Request, response: Response, next: NextFunction) => {
    if (!hasBody(request.headers) || serviceOf(request.path) === 'upload') {
      next();
      return;
    }
    const refusal = refused(request);
    if (refusal !== null) {
      next(refusal);
      return;
    }
    const answer = once(next);
    let received = 0;
    // The parser would first read to its end what it refuses.
    request.on('data', (chunk: Buffer) => {
      received += chunk.length;
      if (received > maxBytes) answer(tooLarge());
    });
    admitBody(request, response);
    parse(request, response, (error?: unknown) => {
      if (response.headersSent) return;
      answer(error instanceof SyntaxError ? new Problem('invalid-request', 'The body is not JSON.') : error);
    });
  };
}

/** What the headers alone say is wrong: nothing of the body need be sent for it. */
function refused(request: Request): Problem | null {
  const { headers } = request;
  if (!request.is('application/json')) {
    return new Problem('unsupported-media-type', 'Send JSON with `Content-Type: application/json`.');
  }
  const charset = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(headers['content-type'] ?? '')?.[1] ?? 'utf-8';
  // RFC 8259, 8.1. In UTF-16 a string could look as if it ended, and hide what follows from the count of levels.
  if (charset.toLowerCase() !== 'utf-8') return new Problem('unsupported-media-type', 'Send JSON in UTF-8.');
  return Number(headers['content-length'] ?? 0) > maxBytes ? tooLarge() : null;
}

function tooLarge(): Problem {
  return new Problem('upload-too-large', `At most ${maxBytes} bytes of JSON are taken.`);
}

function once(next: NextFunction): (error?: unknown) => void {
  let isAnswered = false;
  return (error) => {
    if (isAnswered) return;
    isAnswered = true;
    next(error);
  };
}
