import { type ProblemCode, problems } from '#contracts';

export interface ProblemPlace {
  /** JSON pointer into the body, or `/` and the name of a parameter or header. */
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
}

/** What a schema found wrong, each with its place. */
export function problemFromIssues(code: ProblemCode, issues: readonly Issue[], at: readonly string[] = []): Problem {
  const errors = issues.map(({ message, path = [] }) => {
    const keys = path.map((part) => (typeof part === 'object' ? part.key : part));
    return { pointer: [...at, ...keys].map((key) => `/${String(key)}`).join('') || '/', detail: message };
  });
  return new Problem(code, errors.map(({ pointer, detail }) => `${pointer}: ${detail}`).join('; '), { errors });
}
