import type { OpenAPIObject } from '@nestjs/swagger';
import { isNeverLimited } from '../limits/address-limit.guard.ts';
import { namedAt } from './api-problems.ts';
import type { Handler } from './handlers.ts';
import { type Headers, problemResponses, problemSchema } from './problem-responses.ts';
import { problemsOf } from './problems-of.ts';

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch'] as const;
type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;

const limits: Headers = {
  RateLimit: { description: 'What is left of each limit, and for how many seconds', schema: { type: 'string' } },
  'RateLimit-Policy': { description: 'How many requests in how many seconds', schema: { type: 'string' } },
};

/** Every operation with all statuses that it may answer with, their problems and headers, and whether it takes a token. */
export function describeProblems(document: OpenAPIObject, handlers: ReadonlyMap<string, Handler>): OpenAPIObject {
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const method of methods) {
      const operation = operations[method];
      if (operation !== undefined)
        describeOperation(path, method, operation, handlers.get(operation.operationId ?? ''));
    }
  }
  // The types know OpenAPI 3.0 only, where a schema has one example.
  const schemas = { ...document.components?.schemas, Problem: problemSchema as object };
  return { ...document, components: { ...document.components, schemas } };
}

function describeOperation(path: string, method: string, operation: Operation, handler: Handler | undefined): void {
  operation.security ??= [];
  const { places = [], needsMoreThanToken = false } = handler ?? {};
  const codes = problemsOf({
    method,
    path,
    needsToken: operation.security.some((scheme) => 'bearer' in scheme),
    needsMoreThanToken,
    peculiar: places.flatMap(namedAt),
  });
  Object.assign(operation.responses, problemResponses(codes));
  if (isNeverLimited(path)) return;
  for (const response of Object.values(operation.responses)) {
    if (response !== undefined && !('$ref' in response)) response.headers = { ...response.headers, ...limits };
  }
}
