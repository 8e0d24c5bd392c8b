import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Problem } from './problem.ts';
import { problemDocument, problemMediaType } from './send-problem.ts';

/** Answers with a problem where there is a connection but no response object, and closes the connection. */
export function endWithProblem(socket: Duplex, problem: Problem): void {
  if (socket.writable) socket.end(answerTo(problem), () => socket.destroy());
}

function answerTo(problem: Problem): string {
  const body = problemDocument(problem);
  const headers = {
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    ...problem.headers,
    'Content-Type': problemMediaType,
    'Content-Length': Buffer.byteLength(body),
    Connection: 'close',
  };
  return [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...['', body],
  ].join('\r\n');
}
