import { type ProblemCode, problems } from '#contracts';

const text = { type: 'string' as const };
const seconds = { type: 'string' as const, pattern: '^[0-9]+$' };

/** What a response's headers are, in an OpenAPI document. */
export type Headers = Readonly<Record<string, HeaderDescription>>;
interface HeaderDescription {
  readonly description: string;
  readonly required?: boolean;
  readonly schema: { readonly type: 'string'; readonly pattern?: string };
}

/** What a client needs to know beside the document; what is not required comes when it can be told. */
const headersOf: Partial<Record<ProblemCode, Headers>> = {
  'not-ready': { 'Retry-After': { description: 'Seconds; not there if waiting will not help', schema: seconds } },
  'quota-exceeded': {
    'Retry-After': { description: 'Seconds; not there if time alone will not help', schema: seconds },
  },
};
const headersOfStatus: Readonly<Record<number, Headers>> = {
  401: { 'WWW-Authenticate': { description: 'How to authenticate (RFC 9110, 11.6.1)', required: true, schema: text } },
  416: { 'Content-Range': { description: 'The size of the file: `bytes */SIZE`', required: true, schema: text } },
  426: { Upgrade: { description: '`websocket`', required: true, schema: text } },
  429: { 'Retry-After': { description: 'Seconds', required: true, schema: seconds } },
  503: { 'Retry-After': { description: 'Seconds', required: true, schema: seconds } },
};

interface ProblemResponse {
  readonly description: string;
  readonly headers: Headers;
  readonly content: Readonly<Record<string, { readonly schema: object }>>;
}

/** For each status its codes: a client that handles these has handled all. */
export function problemResponses(codes: ReadonlySet<ProblemCode>): Readonly<Record<string, ProblemResponse>> {
  const byStatus = Map.groupBy(codes, (code) => problems[code].status);
  return Object.fromEntries([...byStatus].map(([status, here]) => [String(status), responseOf(status, here)]));
}

function responseOf(status: number, codes: readonly ProblemCode[]): ProblemResponse {
  const schema = {
    allOf: [{ $ref: '#/components/schemas/Problem' }],
    properties: { status: { enum: [status] }, code: { enum: codes } },
  };
  return {
    description: codes.map((code) => `\`${code}\`: ${problems[code].title}`).join('; '),
    headers: Object.assign({}, ...codes.map((code) => headersOf[code]), headersOfStatus[status]),
    content: { 'application/problem+json': { schema } },
  };
}

/** RFC 9457, as all of our problems are. */
export const problemSchema = {
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
