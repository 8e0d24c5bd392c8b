import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Client } from '../support/client.ts';
import { Documented, type OpenApi } from '../support/documented.ts';
import { type InProcess, startInProcess } from '../support/in-process.ts';
import { wavOf } from '../support/search-files.ts';
import { temporaryFolder } from '../support/system.ts';

// Every run at a desk tries another seed; the one that gates a change is always the same.
const anySeed = process.env.CI === undefined ? Math.floor(Math.random() * 2 ** 31) : 1;
const seed = Number(process.env.FUZZ_SEED ?? anySeed);
console.log(`Repeat these requests with FUZZ_SEED=${seed}`);
const requestsPerOperation = 60;
/** What cannot be stored just now may be said of anything; no other failure may. */
const excused = new Set([503]);

interface Parameter {
  readonly in: string;
  readonly name: string;
}

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly type?: string;
  readonly format?: string;
}

interface Body {
  readonly content: Readonly<Record<string, { readonly schema?: Schema }>>;
}

interface Asked {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: Body;
}

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let running: InProcess;
let client: Client;
let document: OpenApi;
let documented: Documented;
/** Of what there is, so that a request gets further than that. */
const known: string[] = [];
beforeAll(async () => {
  folder = await temporaryFolder();
  running = await startInProcess(join(folder.path, 'data'));
  client = await Client.register(running.url);
  document = (await (await fetch(`${running.url}/openapi.json`)).json()) as OpenApi;
  documented = new Documented(document);
  const video = join(folder.path, 'x.wav');
  await writeFile(video, wavOf('A-SOUND-OF-WORDS', 1));
  for (let made = 0; made < 3; made += 1) {
    const { id } = await client.upload(video);
    known.push(id, await client.convert(id));
  }
});
afterAll(async () => {
  await running[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

const hostile = [
  '',
  '0',
  '-1',
  '%00',
  '..',
  '../../etc/passwd',
  '__proto__',
  "' OR 1=1",
  '\u0000',
  '💥',
  'a'.repeat(5_000),
];
/** Looked up when it is asked for: what there is is made after this. */
const id = fc.oneof(
  fc.uuid(),
  fc.nat().map((index) => known[index % known.length] ?? ''),
);
const text = fc.oneof(fc.constantFrom(...hostile), id, fc.string({ unit: 'grapheme' }));
const value = fc.oneof(text, fc.jsonValue({ maxDepth: 3 }));

/** For each parameter of that kind a value, or none. */
function parametersOf({ parameters = [] }: Asked, kind: string): fc.Arbitrary<Record<string, string | undefined>> {
  const named = parameters.filter((parameter) => parameter.in === kind).map(({ name }) => [name, text] as const);
  return fc.record(Object.fromEntries(named), kind === 'path' ? {} : { requiredKeys: [] });
}

/** What the schema describes, as far as its shape goes; now and then a part is anything else. */
function like(schema: Schema): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 9, arbitrary: shaped(schema) }, value);
}

function shaped(schema: Schema): fc.Arbitrary<unknown> {
  const { anyOf, oneOf = anyOf, enum: choices, items, type, format, properties, additionalProperties } = schema;
  if (properties !== undefined) return fieldsOf(properties, schema.required ?? []);
  if (oneOf !== undefined) return fc.oneof(...oneOf.map(shaped));
  if (choices !== undefined) return fc.constantFrom(...choices);
  if (items !== undefined) return fc.array(like(items), { maxLength: 4 });
  if (typeof additionalProperties === 'object') return fc.dictionary(fc.string(), like(additionalProperties));
  if (format === 'uuid') return id;
  if (format === 'date-time') return fc.date({ noInvalidDate: true }).map((date) => date.toISOString());
  if (type === 'integer' || type === 'number') return fc.oneof(fc.integer({ min: 0, max: 9 }), fc.double());
  if (type === 'boolean') return fc.boolean();
  if (type !== 'string') return value;
  const { minLength = 0, maxLength = minLength + 20 } = schema;
  return fc.oneof(fc.string({ minLength, maxLength }), text);
}

/** What is not required is there every other time. */
function fieldsOf(properties: Readonly<Record<string, Schema>>, required: readonly string[]): fc.Arbitrary<unknown> {
  const fields = Object.entries(properties).map(([name, field]) => {
    const here = like(field);
    return [name, required.includes(name) ? here : fc.oneof(fc.constant(undefined), here)] as const;
  });
  return fc.record(Object.fromEntries(fields));
}

/** As described, any JSON at all, or what is no JSON. */
function bodyOf({ requestBody }: Asked): fc.Arbitrary<string | null> {
  if (requestBody === undefined) return fc.constant(null);
  const schemas = Object.values(requestBody.content).flatMap(({ schema }) => schema ?? []);
  const described = fc.oneof(...schemas.map(shaped)).map((body) => JSON.stringify(body) ?? 'null');
  return fc.oneof({ weight: 6, arbitrary: described }, fc.json({ maxDepth: 40 }), text);
}

async function send(method: string, template: string, operation: Asked): Promise<void> {
  const types = Object.keys(operation.requestBody?.content ?? { 'application/json': {} });
  const requests = fc.record({
    path: parametersOf(operation, 'path'),
    query: parametersOf(operation, 'query'),
    body: bodyOf(operation),
    type: fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...types) }, fc.constantFrom('text/plain', 'x')),
  });
  for (const { path, query, body, type } of fc.sample(requests, { numRuns: requestsPerOperation, seed })) {
    const filled = template.replaceAll(/\{([^}]+)\}/g, (_, name: string) => segment(path[name] ?? ''));
    const response = await client.fetch(`${filled}?${queryOf(query)}`, {
      method: method.toUpperCase(),
      ...(body === null ? {} : { body, headers: { 'content-type': type } }),
    });
    const { pathname } = new URL(response.url);
    if (response.status >= 500) expect(excused, `${method} ${pathname} ${body}`).toContain(response.status);
    await documented.check(method.toUpperCase(), pathname, response);
    await response.body?.cancel();
  }
}

function queryOf(parameters: Readonly<Record<string, string | undefined>>): URLSearchParams {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) query.set(name, value);
  return query;
}

/** A path may not be left by it: what a client makes of `..` is no request for this operation. */
function segment(text: string): string {
  const encoded = encodeURIComponent(text.toWellFormed());
  return encoded === '' || /^\.+$/.test(encoded) ? '%2e%2ex' : encoded;
}

it('whatever comes, no operation fails, and each answers as described', async () => {
  for (const [template, operations] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(operations)) await send(method, template, operation as Asked);
  }
}, 120_000);
