import type { Request } from 'express';
import { endServerSpan, type Span, startServerSpan } from '#telemetry';

/** Those of RFC 9110 and PATCH; whatever else a client thinks of is one kind, or spans would have endless names. */
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH'];

/** The client went away before it had its answer; nginx's number for it. */
export const clientGone = 499;

/**
 * A span for a request by OpenTelemetry's stable conventions, on the trace that the client names. The path is without
 * its query, where tokens and signatures are. https://opentelemetry.io/docs/specs/semconv/http/http-spans/
 */
export function startRequestSpan(request: Request): Span {
  const { traceparent, 'user-agent': userAgent } = request.headers;
  const isKnown = methods.includes(request.method);
  return startServerSpan(typeof traceparent === 'string' ? traceparent : undefined, spanName(request.method), {
    'http.request.method': isKnown ? request.method : '_OTHER',
    ...(isKnown ? {} : { 'http.request.method_original': request.method }),
    'url.path': request.path,
    'url.scheme': request.protocol,
    'network.protocol.version': request.httpVersion,
    ...(request.hostname === undefined ? {} : { 'server.address': request.hostname }),
    ...(userAgent === undefined ? {} : { 'user_agent.original': userAgent }),
  });
}

/** @param route its pattern; null where none matched */
export function endRequestSpan(span: Span, method: string, route: string | null, status: number): void {
  endServerSpan(span, spanName(method, route), status >= 500, {
    ...(route === null ? {} : { 'http.route': route }),
    ...(status === clientGone ? { 'error.type': 'client-gone' } : { 'http.response.status_code': status }),
    ...(status >= 500 ? { 'error.type': String(status) } : {}),
  });
}

function spanName(method: string, route: string | null = null): string {
  const known = methods.includes(method) ? method : 'HTTP';
  return route === null ? known : `${known} ${route}`;
}
