import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { serviceOf } from '#contracts';
import { type Log, type Metrics, startServerSpan, withSpan } from '#telemetry';

const seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 600];
const quiet = /^\/(health|metrics)(\/|$)/;

/** A span, a line in the log and a place in the figures for every request. */
export function observeRequests(log: Log, metrics: Metrics): RequestHandler {
  const labels = ['service', 'method', 'route', 'status'];
  const total = metrics.counter('mixdown_http_requests_total', 'Requests answered', labels);
  const duration = metrics.histogram(
    'mixdown_http_request_duration_seconds',
    'Time to the last byte of the answer',
    labels,
    seconds,
  );
  return (request: Request, response: Response, next: NextFunction) => {
    const begun = performance.now();
    const { traceparent } = request.headers;
    const span = startServerSpan(typeof traceparent === 'string' ? traceparent : undefined, request.method);
    response.once('close', () => {
      const { method } = request;
      const route = routeOf(request);
      const status = response.writableFinished ? response.statusCode : 499;
      const took = (performance.now() - begun) / 1_000;
      const service = serviceOf(request.path) ?? 'none';
      total.inc({ service, method, route, status });
      duration.observe({ service, method, route, status }, took);
      span.updateName(`${method} ${route}`).setAttributes({
        'http.request.method': method,
        'http.route': route,
        'http.response.status_code': status,
      });
      withSpan(span, () => {
        const fields = { method, route, path: request.path, status, seconds: Number(took.toFixed(3)) };
        if (quiet.test(request.path)) log.debug(fields, 'request');
        else log.info(fields, 'request');
      });
      span.end();
    });
    withSpan(span, next);
  };
}

/** The route's pattern, never the address: figures by address would grow without bound. */
function routeOf(request: Request): string {
  const route: unknown = request.route;
  if (typeof route !== 'object' || route === null || !('path' in route)) return 'none';
  return String(route.path);
}
