import { describe, expect, it } from 'vitest';
import { Documented, type OpenApi } from './documented.ts';

const Problem = {
  type: 'object',
  required: ['code'],
  properties: { code: { type: 'string' }, errors: { type: 'array', items: { properties: { at: {} } } } },
};
const refused = { allOf: [{ $ref: '#/components/schemas/Problem' }], properties: { code: { enum: ['refused'] } } };
const document: OpenApi = {
  paths: {
    '/things/{id}': {
      get: {
        responses: {
          200: {
            headers: { ETag: { required: true } },
            content: {
              'application/json': {
                schema: { type: 'object', required: ['id'], properties: { id: { type: 'string' } } },
              },
              'audio/mpeg': {},
            },
          },
          204: {},
          403: { content: { 'application/problem+json': { schema: refused } } },
        },
      },
    },
  },
  components: { schemas: { Problem } },
};

const documented = new Documented(document);
function answer(status: number, body: object | string | null, type?: string, headers = { etag: '"1"' }): Response {
  const text = typeof body === 'object' && body !== null ? JSON.stringify(body) : body;
  return new Response(text, {
    status,
    headers: { ...headers, ...(type === undefined ? {} : { 'content-type': type }) },
  });
}
const json = 'application/json; charset=utf-8';
const problem = 'application/problem+json';

describe('an answer passes that is', () => {
  it.each<[what: string, path: string, response: Response]>([
    ['as described', '/things/1', answer(200, { id: '1' }, json)],
    ['without content where none is described', '/things/1', answer(204, null)],
    ['of another media type that is described', '/things/1', answer(200, 'x', 'audio/mpeg')],
    ['a problem that is described', '/things/1', answer(403, { code: 'refused', errors: [{ at: '/' }] }, problem)],
    ['a problem where there is nothing', '/nothing', answer(404, { code: 'not-found' }, problem)],
  ])('%s', async (_what, path, response) => {
    await expect(documented.check('GET', path, response)).resolves.toBeUndefined();
  });
});

describe('an answer is found out that has', () => {
  it.each<[what: string, path: string, response: Response]>([
    ['a status that is not described', '/things/1', answer(201, { id: '1' }, json)],
    ['another media type', '/things/1', answer(200, 'x', 'text/plain')],
    ['no content', '/things/1', answer(200, null)],
    ['an empty body', '/things/1', answer(200, '', json)],
    ['a field too few', '/things/1', answer(200, {}, json)],
    ['a field too many', '/things/1', answer(200, { id: '1', more: 1 }, json)],
    ['a field of another type', '/things/1', answer(200, { id: 1 }, json)],
    ['no header that must be there', '/things/1', answer(200, { id: '1' }, json, { etag: '' })],
    ['another code', '/things/1', answer(403, { code: 'not-found' }, problem)],
    [
      'a field too many beside those of what it refers to',
      '/things/1',
      answer(403, { code: 'refused', a: 1 }, problem),
    ],
    ['a field too many deep inside', '/things/1', answer(403, { code: 'refused', errors: [{ b: 1 }] }, problem)],
    ['success where there is nothing', '/nothing', answer(200, { id: '1' }, json)],
    ['no problem where there is nothing', '/nothing', answer(404, 'Not found', 'text/plain')],
  ])('%s', async (_what, path, response) => {
    if (response.headers.get('etag') === '') response.headers.delete('etag');
    await expect(documented.check('GET', path, response)).rejects.toThrow('not as /openapi.json says');
  });
});
