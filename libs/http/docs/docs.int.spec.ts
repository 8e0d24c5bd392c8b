import { Body, Controller, Get, Post } from '@nestjs/common';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { EdgeUnderTest } from '../edge/under-test.contract.ts';

const Order = z.strictObject({ name: z.string().max(20) });

@Controller('orders')
class Orders {
  @Post()
  add(@Body({ schema: Order }) order: z.infer<typeof Order>) {
    return order;
  }

  @Get()
  all() {
    return [];
  }
}

let edge: EdgeUnderTest;
beforeAll(async () => {
  edge = await EdgeUnderTest.start([Orders], { PUBLIC_URL: 'https://mixdown.example/' });
});
afterAll(() => edge.stop());

it('describes bodies by the schemas that check them, and every operation’s problems', async () => {
  const document = (await (await fetch(`${edge.url}/openapi.json`)).json()) as Readonly<Record<string, unknown>>;
  expect(document).toMatchObject({
    openapi: '3.1.0',
    servers: [{ url: 'https://mixdown.example' }],
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer' }, basic: { type: 'http', scheme: 'basic' } },
      schemas: { Problem: { properties: { code: { enum: expect.arrayContaining(['not-found', 'internal']) } } } },
    },
    paths: {
      '/orders': {
        post: {
          requestBody: {
            content: {
              'application/json': {
                schema: { required: ['name'], properties: { name: { maxLength: 20 } }, additionalProperties: false },
              },
            },
          },
        },
      },
    },
  });
  const problem = { allOf: [{ $ref: '#/components/schemas/Problem' }] };
  expect(document).toMatchObject({
    paths: {
      '/orders': {
        get: { responses: { 429: { content: { 'application/problem+json': { schema: problem } } } } },
        post: {
          responses: {
            415: {
              content: {
                'application/problem+json': { schema: { properties: { code: { enum: ['unsupported-media-type'] } } } },
              },
            },
          },
        },
      },
    },
  });
  expect(JSON.stringify(document.paths)).not.toContain('"default":{');
});

it('serves its page from here alone', async () => {
  const page = await (await fetch(`${edge.url}/docs`)).text();
  const sources = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address = '']) => address);
  expect(sources.length).toBeGreaterThan(2);
  for (const source of sources) {
    const { origin } = new URL(source, `${edge.url}/docs`);
    expect(origin).toBe(edge.url);
    expect((await fetch(new URL(source, `${edge.url}/docs`))).status).toBe(200);
  }
});
