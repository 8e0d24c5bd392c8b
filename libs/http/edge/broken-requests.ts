import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { endWithProblem } from '../problems/end-with-problem.ts';
import { Problem } from '../problems/problem.ts';

/** What does not get as far as being a request is answered with a problem, too, and the connection closed. */
export function answerBrokenRequests(server: Server): void {
  const latest = new WeakMap<Duplex, { request: IncomingMessage; response: ServerResponse }>();
  const broken = new WeakSet<Duplex>();
  server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
    latest.set(request.socket, { request, response });
  });
  server.on('clientError', (error: Error & { readonly code?: string }, socket: Duplex) => {
    // A parser that has failed fails again with whatever comes after.
    if (broken.has(socket)) return;
    broken.add(socket);
    const answer = () => endWithProblem(socket, problemOf(error.code));
    const { request, response } = latest.get(socket) ?? {};
    if (!socket.writable || error.code === 'ECONNRESET') socket.destroy();
    else if (request === undefined || response === undefined || response.writableFinished) answer();
    // Another answer in the middle of one would be taken for a part of it.
    else if (response.headersSent) socket.destroy();
    // What is broken came after a request that is still being worked on, whose answer goes first.
    else if (request.complete) response.once('finish', answer);
    else answer();
  });
}

function problemOf(code: string | undefined): Problem {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return new Problem('headers-too-large');
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return new Problem('upload-too-large', 'The extensions of a chunk are too large.');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new Problem('upload-too-slow', 'The headers took too long.');
    default:
      return new Problem('invalid-request', 'This is not HTTP/1.1 as RFC 9112 has it.');
  }
}
