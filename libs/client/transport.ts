import { backoff, type Pause, pause as realPause } from './pause.ts';
import { MixdownProblem, ServerUnreachable } from './problem.ts';
import type { Session } from './session.ts';

export interface TransportOptions {
  /** Instead of the platform's own: to look at what passes, or to go another way. */
  readonly fetch?: typeof globalThis.fetch;
  /** Longest time that a request is tried again while the server is busy or away, in seconds; default 60. */
  readonly patienceSeconds?: number;
  /** Instead of the platform's timers. */
  readonly pause?: Pause;
}

type Body = NonNullable<RequestInit['body']>;

export interface Call {
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PATCH' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Made anew for each try. */
  readonly body?: () => Body;
  /** The body can be sent once only, so there is one try. */
  readonly isOnce?: boolean;
  /** Whether repeating it after a lost answer does no harm; default: for all methods but POST. */
  readonly isRepeatable?: boolean;
  /** Sent without credentials: logging in, and what is signed. */
  readonly isPublic?: boolean;
  readonly signal?: AbortSignal | undefined;
}

const defaultPatienceSeconds = 60;
/** Answers of a server, or of a proxy before it, that is about to be there again. */
const comingBack = [502, 503, 504];

/** Requests that wait for a busy server, outlive lost connections where that is safe, and renew expired tokens. */
export class Transport {
  readonly url: string;
  readonly pause: Pause;
  readonly #fetch: typeof globalThis.fetch;
  readonly #patience: number;

  constructor(
    url: string,
    readonly session: Session,
    { fetch, patienceSeconds = defaultPatienceSeconds, pause = realPause }: TransportOptions,
  ) {
    this.url = url.replace(/\/+$/, '');
    // Browsers refuse a fetch that was taken off its window.
    this.#fetch = fetch ?? globalThis.fetch.bind(globalThis);
    this.#patience = patienceSeconds * 1_000;
    this.pause = pause;
  }

  /** @throws MixdownProblem | ServerUnreachable | the signal's reason */
  async call(path: string, call: Call = {}): Promise<Response> {
    const waiting = new Waiting(this.#patience, this.pause, call.signal);
    const isRepeatable = call.isOnce !== true && (call.isRepeatable ?? call.method !== 'POST');
    for (let renewals = 0; ; ) {
      if (call.isPublic !== true && this.session.isAboutToExpire) await this.session.renew(this.session.bearer);
      const { bearer } = this.session;
      const answer = await this.#send(path, call, call.isPublic === true ? null : bearer);
      if (answer instanceof ServerUnreachable) {
        if (!isRepeatable || !(await waiting.backOff())) throw answer;
        continue;
      }
      if (answer.ok || answer.status === 304) return answer;
      const problem = await MixdownProblem.of(answer);
      if (call.isOnce === true) throw problem;
      if (problem.status === 401 && call.isPublic !== true && renewals === 0) {
        renewals += 1;
        if (bearer !== null && (await this.session.renew(bearer))) continue;
      }
      if (await this.#isWorthAnotherTry(problem, isRepeatable, waiting)) continue;
      throw problem;
    }
  }

  async json<T>(path: string, call: Call = {}): Promise<T> {
    const response = await this.call(path, call);
    return (await response.json()) as T;
  }

  /** Nothing of a request that was refused with Retry-After was kept, so it may be sent again, whatever it is. */
  async #isWorthAnotherTry(problem: MixdownProblem, isRepeatable: boolean, waiting: Waiting): Promise<boolean> {
    const { status, retryAfter } = problem;
    if (retryAfter !== null && (status === 429 || status === 503)) return waiting.wait(retryAfter * 1_000);
    return isRepeatable && comingBack.includes(status) && waiting.backOff();
  }

  async #send(path: string, call: Call, bearer: string | null): Promise<Response | ServerUnreachable> {
    const headers = new Headers(call.headers);
    if (bearer !== null) headers.set('authorization', `Bearer ${bearer}`);
    if (call.json !== undefined) headers.set('content-type', 'application/json');
    const body = call.json === undefined ? (call.body?.() ?? null) : JSON.stringify(call.json);
    const init: RequestInit & { duplex?: 'half' } = { method: call.method ?? 'GET', headers, body };
    // The Fetch standard asks for it where the body is a stream.
    if (body instanceof ReadableStream) init.duplex = 'half';
    if (call.signal !== undefined) init.signal = call.signal;
    try {
      return await this.#fetch(`${this.url}${path}`, init);
    } catch (error) {
      call.signal?.throwIfAborted();
      return new ServerUnreachable(this.url, error);
    }
  }
}

/** The waits of one request: together no longer than the patience. */
class Waiting {
  #spent = 0;
  #attempts = 0;

  constructor(
    private readonly patience: number,
    private readonly pause: Pause,
    private readonly signal: AbortSignal | undefined,
  ) {}

  /** @returns false, at once, when that is longer than there is patience for */
  async wait(milliseconds: number): Promise<boolean> {
    // A server that says "at once" is not asked in a tight loop.
    const time = Math.max(milliseconds, 10);
    if (this.#spent + time > this.patience) return false;
    this.#spent += time;
    await this.pause(time, this.signal);
    return true;
  }

  backOff(): Promise<boolean> {
    const time = backoff(this.#attempts);
    this.#attempts += 1;
    return this.wait(time);
  }
}
