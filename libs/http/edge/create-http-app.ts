import type { Server } from 'node:http';
import { type DynamicModule, StandardSchemaValidationPipe, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Config } from '#config';
import { Log, Metrics, nestLogger } from '#telemetry';
import { addDocs } from '../docs/openapi.ts';
import { AddressLimitGuard } from '../limits/address-limit.guard.ts';
import { ProblemFilter } from '../problems/problem.filter.ts';
import { problemFromIssues } from '../problems/problem.ts';
import { takeExpectations } from './admit-body.ts';
import { answerBrokenRequests } from './broken-requests.ts';
import { headers } from './headers.ts';
import { jsonBodies } from './json-bodies.ts';
import { observeRequests } from './observe-requests.ts';
import { takeUpgrades, Upgrades } from './upgrades.ts';

const timeouts = {
  headersTimeout: 15_000,
  // A long upload may take its time; its progress is watched where it is received.
  requestTimeout: 0,
  // Read when the server begins to listen. Node looks every 30 s if it is not told otherwise, and cuts off that late.
  connectionsCheckingInterval: 1_000,
};
const bodyMilliseconds = 30_000;
const exposedHeaders = [
  'Location',
  'ETag',
  'Retry-After',
  'Content-Range',
  'Accept-Ranges',
  'Content-Disposition',
  'Link',
  'RateLimit',
  'RateLimit-Policy',
];

/** A Nest application with everything that the edges of all services share. It does not listen yet. */
export async function createHttpApp(
  module: Type | DynamicModule,
  config: Config,
  log: Log,
): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(module, {
    bodyParser: false,
    logger: nestLogger(log),
    abortOnError: false,
  });
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('trust proxy', config.trustProxy);
  app.set('query parser', 'simple');
  const server: Server = app.getHttpServer();
  Object.assign(server, timeouts);
  takeExpectations(server);
  answerBrokenRequests(server);
  takeUpgrades(server, app.get(Upgrades));
  app.use(observeRequests(log, app.get(Metrics)));
  app.use(headers(() => server.listening));
  const { corsOrigins } = config;
  if (corsOrigins.length > 0) {
    app.enableCors({ origin: corsOrigins.includes('*') ? '*' : [...corsOrigins], exposedHeaders });
  }
  app.use(jsonBodies(bodyMilliseconds));
  app.useGlobalGuards(app.get(AddressLimitGuard));
  app.useGlobalFilters(new ProblemFilter(log));
  app.useGlobalPipes(
    new StandardSchemaValidationPipe({ exceptionFactory: (issues) => problemFromIssues('invalid-request', issues) }),
  );
  addDocs(app, config.publicUrl);
  return app;
}
