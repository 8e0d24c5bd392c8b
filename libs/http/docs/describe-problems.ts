import type { OpenAPIObject } from '@nestjs/swagger';
import { problems } from '#contracts';

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch'] as const;
/** What a problem looks like, for a response's description. */
export const problemContent = {
  'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
};
const schema = {
  type: 'object',
  description: 'RFC 9457. `type` leads to a page with the cause and the cure.',
  required: ['type', 'title', 'status', 'code', 'cure'],
  properties: {
    type: { type: 'string', format: 'uri-reference', examples: ['/problems/invalid-request'] },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', enum: Object.keys(problems) },
    detail: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['pointer', 'detail'],
        properties: {
          pointer: { type: 'string', description: 'JSON pointer into the body, or `/` and a parameter or header' },
          detail: { type: 'string' },
        },
      },
    },
    cure: { type: 'string' },
    traceId: { type: 'string', pattern: '^[0-9a-f]{32}$' },
  },
};

/** Every operation may answer with a problem, which need not be said at each of them. */
export function describeProblems(document: OpenAPIObject): OpenAPIObject {
  for (const path of Object.values(document.paths)) {
    for (const method of methods) {
      const operation = path[method];
      if (operation === undefined) continue;
      operation.responses.default ??= { description: 'A problem', content: problemContent };
    }
  }
  // The types know OpenAPI 3.0 only, where a schema has one example.
  const schemas = { ...document.components?.schemas, Problem: schema as object };
  return { ...document, components: { ...document.components, schemas } };
}
