import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';

interface Media {
  readonly schema?: object;
}

interface Described {
  readonly content?: Readonly<Record<string, Media>>;
  readonly headers?: Readonly<Record<string, { readonly required?: boolean }>>;
}

interface Operation {
  readonly responses: Readonly<Record<string, Described>>;
}

export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components?: object;
}

/** What may answer before it is known, or where there is nothing: the description says so at its beginning. */
const ofNoOperation = new Set([400, 404, 405, 408, 413, 415, 429, 431, 500]);
const problem = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
/** What is under these names is data, and under those a schema for each name. */
const noSchemas = new Set(['enum', 'const', 'default', 'examples', 'example', 'required', 'type']);
const ofSchemas = new Set(['properties', 'patternProperties', '$defs']);

/** What a client that goes by the documentation alone would stumble over. */
export class Undocumented extends Error {
  constructor(what: string) {
    super(`not as /openapi.json says: ${what}`);
    this.name = 'Undocumented';
  }
}

/** Answers held against the service's own description of them: status, media type, headers, and every field of JSON. */
export class Documented {
  readonly #ajv = new Ajv2020({ strict: false, allErrors: true });
  readonly #compiled = new Map<string, ValidateFunction>();
  readonly #paths: readonly { readonly template: string; readonly matches: RegExp }[];

  constructor(private readonly document: OpenApi) {
    formats.default(this.#ajv);
    this.#paths = Object.keys(document.paths)
      // What is spelled out goes before what stands for anything.
      .sort((a, b) => a.split('{').length - b.split('{').length)
      .map((template) => ({ template, matches: new RegExp(`^${template.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`) }));
  }

  /** @throws {@link Undocumented} */
  async check(method: string, path: string, response: Response): Promise<void> {
    const what = `${method} ${path} answered ${response.status}`;
    const template = this.#paths.find(({ matches }) => matches.test(path))?.template;
    const operation = template === undefined ? undefined : this.#operation(template, method);
    if (template === undefined || operation === undefined) {
      if (!ofNoOperation.has(response.status)) throw new Undocumented(`${what}, which is described nowhere`);
      await this.#checkContent(what, 'no operation', { content: problem }, response);
      return;
    }
    const described = operation.responses[response.status];
    if (described === undefined) throw new Undocumented(`${what}, which ${template} does not tell of`);
    for (const [name, { required }] of Object.entries(described.headers ?? {})) {
      if (required === true && !response.headers.has(name)) throw new Undocumented(`${what} without ${name}`);
    }
    await this.#checkContent(what, `${template}/${method}/${response.status}`, described, response);
  }

  #operation(template: string, method: string): Operation | undefined {
    const operations = this.document.paths[template];
    return operations?.[method.toLowerCase()] ?? (method === 'HEAD' ? operations?.get : undefined);
  }

  async #checkContent(what: string, key: string, { content = {} }: Described, response: Response): Promise<void> {
    const mediaType = response.headers.get('content-type')?.split(';')[0]?.trim();
    if (mediaType === undefined) {
      if (Object.keys(content).length > 0 && response.status !== 304) throw new Undocumented(`${what} with no content`);
      return;
    }
    const media = content[mediaType];
    if (media === undefined) throw new Undocumented(`${what} with ${mediaType}`);
    if (!mediaType.endsWith('json') || media.schema === undefined) return;
    const text = await response.clone().text();
    // A HEAD has the headers of a body that is not there.
    if (text === '' && what.startsWith('HEAD ')) return;
    if (text === '') throw new Undocumented(`${what} with an empty body`);
    const validate =
      this.#compiled.get(`${key}/${mediaType}`) ?? this.#ajv.compile(closed(media.schema, this.document));
    this.#compiled.set(`${key}/${mediaType}`, validate);
    if (!validate(JSON.parse(text))) {
      throw new Undocumented(`${what}: ${this.#ajv.errorsText(validate.errors, { dataVar: '' })} in ${text}`);
    }
  }
}

type Schema = Readonly<Record<string, unknown>>;

/**
 * The schema with every field that it does not tell of forbidden, at every depth, and what it refers to in its place.
 * The parts of an `allOf` are closed together: each alone would forbid the fields of the others.
 */
function closed(schema: object, document: OpenApi, isPart = false): Schema {
  const { $ref, ...written } = schema as Schema;
  const whole: Schema = typeof $ref === 'string' ? { ...written, ...pointedAt(document, $ref) } : written;
  const entries = Object.entries(whole).map(([key, value]) => [key, closedAt(key, value, document)]);
  const isOpen = 'properties' in whole && !('additionalProperties' in whole) && !isPart;
  return { ...Object.fromEntries(entries), ...(isOpen ? { unevaluatedProperties: false } : {}) };
}

function closedAt(key: string, value: unknown, document: OpenApi): unknown {
  if (typeof value !== 'object' || value === null || noSchemas.has(key)) return value;
  if (Array.isArray(value)) return value.map((each: object) => closed(each, document, key === 'allOf'));
  if (!ofSchemas.has(key)) return closed(value, document);
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, closed(each as object, document)]));
}

/** @throws for a pointer to nothing */
function pointedAt(document: OpenApi, pointer: string): Schema {
  const found = pointer
    .split('/')
    .slice(1)
    .reduce<unknown>((at, name) => (at as Schema | undefined)?.[name], document);
  if (typeof found !== 'object' || found === null) throw new Undocumented(`${pointer} is nothing`);
  return found as Schema;
}

/** Services whose answers are held against the description; all that a process starts are of one version. */
const origins = new Set<string>();
/** They are no operations, and described where they are. */
const pages = /^\/(docs|openapi\.(json|yaml))(\/|$|-)/;
let documented: Promise<Documented> | null = null;

/** From now on every answer of this service to `fetch` in this process is held against its description. */
export async function checkAnswers(url: string): Promise<void> {
  origins.add(new URL(url).origin);
  documented ??= install(globalThis.fetch, url);
  await documented;
}

async function install(fetch: typeof globalThis.fetch, url: string): Promise<Documented> {
  const checked = new Documented((await (await fetch(`${url}/openapi.json`)).json()) as OpenApi);
  globalThis.fetch = async (input, init) => {
    const response = await fetch(input, init);
    const { origin, pathname } = new URL(response.url);
    if (!origins.has(origin) || pages.test(pathname)) return response;
    const method = init?.method ?? (input instanceof Request ? input.method : 'GET');
    await checked.check(method.toUpperCase(), pathname, response);
    return response;
  };
  return checked;
}
