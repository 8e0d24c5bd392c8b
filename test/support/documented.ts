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

interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

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
    this.#ajv.addSchema(document, 'openapi');
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
      if ([404, 405].includes(response.status)) return;
      throw new Undocumented(`${what}, which is described nowhere`);
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
    if (mediaType === undefined) return;
    const media = content[mediaType];
    if (media === undefined) throw new Undocumented(`${what} with ${mediaType}`);
    if (!mediaType.endsWith('json') || media.schema === undefined) return;
    const text = await response.clone().text();
    // A HEAD has the headers of a body that is not there.
    if (text === '') return;
    const validate = this.#compiled.get(`${key}/${mediaType}`) ?? this.#ajv.compile(closed(media.schema));
    this.#compiled.set(`${key}/${mediaType}`, validate);
    if (!validate(JSON.parse(text))) {
      throw new Undocumented(`${what}: ${this.#ajv.errorsText(validate.errors, { dataVar: '' })} in ${text}`);
    }
  }
}

/** The schema with every field that it does not tell of forbidden; what is referred to lies in the document. */
function closed(schema: object): object {
  return JSON.parse(JSON.stringify({ ...schema, unevaluatedProperties: false }), (key, value: unknown) =>
    key === '$ref' && typeof value === 'string' && value.startsWith('#') ? `openapi${value}` : value,
  );
}

let documented: Documented | null = null;

/** From now on every answer of the service to `fetch` in this process is held against its description. */
export async function checkAnswers(url: string): Promise<void> {
  if (documented !== null) return;
  const { fetch } = globalThis;
  const checked = new Documented((await (await fetch(`${url}/openapi.json`)).json()) as OpenApi);
  documented = checked;
  globalThis.fetch = async (input, init) => {
    const response = await fetch(input, init);
    const { method } = new Request(input instanceof Request ? input : String(input), { method: init?.method ?? 'GET' });
    await checked.check(method, new URL(response.url).pathname, response);
    return response;
  };
}
