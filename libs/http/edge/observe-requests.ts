import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { serviceOf } from '#contracts';
import { type Log, type Metrics, withSpan } from '#telemetry';
import { clientGone, endRequestSpan, startRequestSpan } from './request-span.ts';

const seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 600];
const quiet = /^\/(health|metrics)(\/|$)/;

/** A line in the log and a place in the figures for every request, and a span for those that are not mere looks at us. */
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
    const isQuiet = quiet.test(request.path);
    const span = isQuiet ? null : startRequestSpan(request);
    const within = (work: () => void) => (span === null ? work() : withSpan(span, work));
    response.once('close', () => {
      const { method } = request;
      const route = routeOf(request);
      const status = response.writableFinished ? response.statusCode : clientGone;
      const took = (performance.now() - begun) / 1_000;
      const figure = { service: serviceOf(request.path) ?? 'none', method, route: route ?? 'none', status };
      total.inc(figure);
      duration.observe(figure, took);
      within(() => {
        const fields = { method, route: figure.route, path: request.path, status, seconds: Number(took.toFixed(3)) };
        if (isQuiet) log.debug(fields, 'request');
        else log.info(fields, 'request');
      });
      if (span !== null) endRequestSpan(span, method, route, status);
    });
    within(next);
  };
}

/** The route's pattern, never the address: figures by address would grow without bound. */
function routeOf(request: Request): string | null {
  const route: unknown = request.route;
  if (typeof route !== 'object' || route === null || !('path' in route)) return null;
  return String(route.path);
}
