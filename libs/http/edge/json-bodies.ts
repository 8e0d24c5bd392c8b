import { json, type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import { routeTable } from '#contracts';
import { Problem } from '../problems/problem.ts';
import { sendProblem } from '../problems/send-problem.ts';
import { admitBody } from './admit-body.ts';

const maxBytes = 100 * 1024;
const maxDepth = 32;
const deadlineMilliseconds = 30_000;

const uploadPrefixes = Object.entries(routeTable)
  .filter(([, service]) => service === 'upload')
  .map(([prefix]) => prefix);

/** Bodies of these routes are for the upload service to read. */
function isUpload({ path }: Request): boolean {
  return uploadPrefixes.some((prefix) => path === prefix || path.startsWith(`${prefix}/`));
}

/** Reads JSON bodies of bounded size and depth within a bounded time, and refuses all others. */
export function jsonBodies(): RequestHandler {
  const parse = json({ limit: maxBytes, verify: (_request, _response, text) => checkDepth(text) });
  return (request: Request, response: Response, next: NextFunction) => {
    if (isUpload(request) || !hasBody(request)) {
      next();
      return;
    }
    if (!request.is('application/json')) {
      next(new Problem('unsupported-media-type', 'Send JSON with `Content-Type: application/json`.'));
      return;
    }
    const deadline = setTimeout(() => {
      sendProblem(new Problem('upload-too-slow', undefined, { headers: { Connection: 'close' } }), response);
      response.once('finish', () => request.destroy());
    }, deadlineMilliseconds);
    admitBody(request, response);
    parse(request, response, (error?: unknown) => {
      clearTimeout(deadline);
      if (response.headersSent) return;
      next(error instanceof SyntaxError ? new Problem('invalid-request', 'The body is not JSON.') : error);
    });
  };
}

function hasBody({ headers }: Request): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** Before it is parsed, so that nothing ever recurses that deep. */
function checkDepth(text: Buffer): void {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (inString) {
      if (character === 0x5c) index += 1;
      else if (character === 0x22) inString = false;
    } else if (character === 0x22) inString = true;
    else if (character === 0x7b || character === 0x5b) depth += 1;
    else if (character === 0x7d || character === 0x5d) depth -= 1;
    if (depth > maxDepth) throw new Problem('invalid-request', `The body is nested more than ${maxDepth} levels deep.`);
  }
}
