import { type ProblemCode, problems } from '#contracts';

export interface ProblemPlace {
  /** JSON pointer (RFC 6901) into the body, or `/` and the name of a parameter or header. */
  readonly pointer: string;
  readonly detail: string;
}

interface More {
  readonly errors?: readonly ProblemPlace[];
  readonly retryAfterSeconds?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/** Thrown anywhere on the way of a request, it becomes the response: a problem document (RFC 9457). */
export class Problem extends Error {
  readonly status: number;
  readonly errors: readonly ProblemPlace[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    readonly code: ProblemCode,
    readonly detail?: string,
    { errors = [], retryAfterSeconds, headers = {}, cause }: More = {},
  ) {
    super(detail ?? problems[code].title, cause === undefined ? {} : { cause });
    this.name = 'Problem';
    this.status = problems[code].status;
    this.errors = errors;
    this.headers = retryAfterSeconds === undefined ? headers : { ...headers, 'Retry-After': String(retryAfterSeconds) };
  }
}

interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
  /** Zod's, of an issue that is about fields that do not exist. */
  readonly keys?: readonly string[];
}

/** However much is wrong with a body, the answer stays small. */
const mostErrors = 20;
const longestText = 200;

/** What a schema found wrong, each with its place. */
export function problemFromIssues(code: ProblemCode, issues: readonly Issue[], at: readonly string[] = []): Problem {
  const errors = issues
    .flatMap(({ message, path = [], keys }) => {
      const place = [...at, ...path.map((part) => (typeof part === 'object' ? part.key : part))];
      if (keys === undefined) return [{ pointer: pointerTo(place), detail: shortened(message) }];
      return keys.map((key) => ({ pointer: pointerTo([...place, key]), detail: 'there is no such field' }));
    })
    .slice(0, mostErrors);
  return new Problem(code, errors.map(({ pointer, detail }) => `${pointer || 'the body'}: ${detail}`).join('; '), {
    errors,
  });
}

/** RFC 6901; the empty pointer is the body itself. */
function pointerTo(keys: readonly PropertyKey[]): string {
  return keys.map((key) => `/${shortened(String(key)).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

function shortened(text: string): string {
  return text.length <= longestText ? text : `${text.slice(0, longestText)}…`;
}
