import type { RequestHandler } from 'express';

/** What every answer carries. While the server is closing, connections are not kept. */
export function headers(isListening: () => boolean): RequestHandler {
  return (_request, response, next) => {
    response.setHeader('X-Content-Type-Options', 'nosniff');
    response.setHeader('Referrer-Policy', 'no-referrer');
    response.setHeader('X-Frame-Options', 'DENY');
    if (!isListening()) response.setHeader('Connection', 'close');
    next();
  };
}
