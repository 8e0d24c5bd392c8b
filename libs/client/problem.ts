import type { ProblemCode } from '#contracts';

/** Where a request is wrong. */
export interface ProblemPlace {
  /** JSON pointer into the body, or the name of a parameter. */
  readonly pointer: string;
  readonly detail: string;
}

/** RFC 9457, as the service sends it. */
export interface ProblemDocument {
  readonly type: string;
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail?: string;
  readonly errors?: readonly ProblemPlace[];
}

/** The service answered, and refused. */
export class MixdownProblem extends Error {
  /** Stable; `unreadable-answer` where something other than mixdown answered. */
  readonly code: ProblemCode | 'unreadable-answer';
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly errors: readonly ProblemPlace[];
  /** Seconds after which it makes sense to ask again; null when it does not say. */
  readonly retryAfter: number | null;

  constructor(document: ProblemDocument, retryAfter: number | null) {
    super(`${document.detail ?? document.title} (${document.code})`);
    this.name = 'MixdownProblem';
    // Codes of newer servers come as they are: whoever compares with the known ones is not misled.
    this.code = document.code as ProblemCode;
    this.status = document.status;
    this.title = document.title;
    this.detail = document.detail ?? document.title;
    this.errors = document.errors ?? [];
    this.retryAfter = retryAfter;
  }

  /** The problem that a response with an error status tells of. */
  static async of(response: Response): Promise<MixdownProblem> {
    const document = isProblemMedia(response) ? await readDocument(response) : null;
    const unreadable: ProblemDocument = {
      ...{ type: 'about:blank', status: response.status, code: 'unreadable-answer' },
      title:
        `${new URL(response.url || 'http://unknown').host} answered ${response.status} ${response.statusText}`.trim(),
    };
    return new MixdownProblem(document ?? unreadable, secondsOf(response.headers.get('retry-after')));
  }
}

/** No answer came: the server is away, or the way to it. */
export class ServerUnreachable extends Error {
  readonly code = 'server-unreachable';
  constructor(
    readonly url: string,
    cause: unknown,
  ) {
    super(`${url} cannot be reached: ${reasonOf(cause)}`, { cause });
    this.name = 'ServerUnreachable';
  }
}

function isProblemMedia({ headers }: Response): boolean {
  return headers.get('content-type')?.startsWith('application/problem+json') === true;
}

async function readDocument(response: Response): Promise<ProblemDocument | null> {
  const value: unknown = await response.json().catch(() => null);
  const isDocument = typeof value === 'object' && value !== null && 'code' in value && 'title' in value;
  return isDocument ? (value as ProblemDocument) : null;
}

/** RFC 9110, 10.2.3: seconds or a date. */
function secondsOf(retryAfter: string | null): number | null {
  if (retryAfter === null || retryAfter === '') return null;
  const seconds = /^\d+$/.test(retryAfter) ? Number(retryAfter) : (Date.parse(retryAfter) - Date.now()) / 1_000;
  return Number.isNaN(seconds) ? null : Math.max(0, seconds);
}

/** `fetch` says only that it failed; why is in the innermost cause. */
function reasonOf(error: unknown): string {
  let innermost = error;
  while (innermost instanceof Error && innermost.cause instanceof Error) innermost = innermost.cause;
  if (!(innermost instanceof Error)) return String(innermost);
  return innermost.message || ('code' in innermost ? String(innermost.code) : innermost.name);
}
