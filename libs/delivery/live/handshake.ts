import type { IncomingMessage } from 'node:http';
import { Problem } from '#http';

export const subprotocol = 'mixdown.v1';
const bearerPrefix = 'bearer.';
const tokenParameter = /token|jwt|bearer|auth|key|secret/i;
const jsonWebToken = /^eyJ[\w-]+\.[\w-]+\.[\w-]*$/;

/** Which web pages may connect. */
export interface Origins {
  /** Where the service is reached, when that is known. */
  readonly own: string | undefined;
  readonly allowed: readonly string[];
}

/**
 * The credential that a request for WebSocket carries: in `Authorization`, or, because browsers cannot set that here,
 * as a subprotocol. @throws Problem `foreign-origin` | `unauthenticated` | `invalid-request`
 */
export function readHandshake(request: IncomingMessage, origins: Origins): string {
  refuseForeignOrigin(request, origins);
  refuseTokenInUrl(request.url ?? '/');
  const offered = subprotocols(request);
  if (offered.length > 0 && !offered.includes(subprotocol)) {
    throw new Problem('invalid-request', `Offer the subprotocol ${subprotocol}.`, {
      errors: [{ pointer: '/Sec-WebSocket-Protocol', detail: `does not offer ${subprotocol}` }],
    });
  }
  const inHeader = /^Bearer +([^\s]+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const inProtocol = offered.find((name) => name.startsWith(bearerPrefix))?.slice(bearerPrefix.length);
  const credential = inHeader ?? inProtocol;
  if (credential !== undefined && credential !== '') return credential;
  throw noToken(
    `Send the token in Authorization, or offer the subprotocols ${subprotocol} and ${bearerPrefix}<token>.`,
  );
}

/** Not a browser's page: no origin. Nothing is sent by itself here, so this only keeps strange pages from trying. */
function refuseForeignOrigin({ headers }: IncomingMessage, { own, allowed }: Origins): void {
  const { origin, host } = headers;
  if (origin === undefined || allowed.includes(origin) || allowed.includes('*')) return;
  if (URL.canParse(origin) && (new URL(origin).host === host || origin === own)) return;
  throw new Problem('foreign-origin', `Pages of ${origin.slice(0, 200)} may not connect.`, {
    errors: [{ pointer: '/Origin', detail: 'not allowed' }],
  });
}

function refuseTokenInUrl(url: string): void {
  for (const [name, value] of new URL(url, 'http://here').searchParams) {
    if (!tokenParameter.test(name) && !jsonWebToken.test(value)) continue;
    throw noToken('A token never goes into a URL, where logs keep it. Send it in Authorization or as a subprotocol.', [
      { pointer: `/${name.slice(0, 50)}`, detail: 'looks like a token' },
    ]);
  }
}

function subprotocols({ headers }: IncomingMessage): readonly string[] {
  const offered = headers['sec-websocket-protocol'] ?? '';
  return offered
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

function noToken(detail: string, errors: Problem['errors'] = []): Problem {
  return new Problem('unauthenticated', detail, { errors, headers: { 'WWW-Authenticate': 'Bearer' } });
}
