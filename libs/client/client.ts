import type { PresetName, Settings } from '#contracts';
import type {
  Account,
  Conversion,
  ConversionOrder,
  HistoryEvent,
  Live,
  Page,
  SignedLink,
  Upload,
} from './documents.ts';
import { type Download, type DownloadOptions, download } from './download.ts';
import { conversionEvents, type EventsOptions } from './event-stream.ts';
import { follow } from './follow.ts';
import { type Credentials, Session, type SessionDocument, type TokenStore, type Tokens, toTokens } from './session.ts';
import { Transport, type TransportOptions } from './transport.ts';
import { type UploadOptions, upload } from './upload.ts';

export interface ClientOptions extends TransportOptions {
  /** Tokens of an earlier login, or an API key. */
  readonly credentials?: Credentials;
  readonly store?: TokenStore;
  /** Instead of the platform's own; `null`: live updates come as server-sent events. */
  readonly WebSocket?: typeof globalThis.WebSocket | null;
}

export interface Abortable {
  readonly signal?: AbortSignal;
}

export interface ListOptions extends Abortable {
  readonly status?: Conversion['status'];
  /** Of each page; the iterator fetches as many pages as it is asked for. */
  readonly limit?: number;
}

/**
 * The service's interface for programs: browsers and Node 22 or newer. Every method throws `MixdownProblem` when the
 * server refuses, `ServerUnreachable` when there is none, and the signal's reason when it is aborted.
 */
export class MixdownClient {
  readonly #transport: Transport;
  readonly #WebSocket: typeof globalThis.WebSocket | undefined;

  constructor(url: string, { credentials = null, store, WebSocket, ...options }: ClientOptions = {}) {
    const session = new Session(credentials, (refreshToken) => this.#refresh(refreshToken), store);
    this.#transport = new Transport(url, session, options);
    this.#WebSocket = WebSocket === undefined ? globalThis.WebSocket : (WebSocket ?? undefined);
  }

  get url(): string {
    return this.#transport.url;
  }

  /** Of the last login or renewal; null with an API key or without either. */
  get tokens(): Tokens | null {
    return this.#transport.session.tokens;
  }

  register(email: string, password: string, { signal }: Abortable = {}): Promise<Account> {
    const call = { method: 'POST', json: { email, password }, isPublic: true, signal } as const;
    return this.#transport.json('/v1/auth/register', call);
  }

  /** From now on the client is this user. */
  async login(email: string, password: string, { signal }: Abortable = {}): Promise<Tokens> {
    const call = { method: 'POST', json: { email, password }, isPublic: true, isRepeatable: true, signal } as const;
    const tokens = toTokens(await this.#transport.json<SessionDocument>('/v1/auth/login', call));
    this.#transport.session.set(tokens);
    return tokens;
  }

  /** Done by itself when the access token expires. @returns false when there is no refresh token */
  refresh(): Promise<boolean> {
    return this.#transport.session.renew(this.#transport.session.bearer);
  }

  /** Ends the session at the server, where it has one, and here. */
  async logout({ signal }: Abortable = {}): Promise<void> {
    const refreshToken = this.tokens?.refreshToken;
    if (refreshToken !== undefined) await this.#post('/v1/auth/logout', { refreshToken }, signal);
    this.#transport.session.set(null);
  }

  me({ signal }: Abortable = {}): Promise<Account> {
    return this.#transport.json('/v1/me', { signal });
  }

  upload(file: Blob | ReadableStream<Uint8Array<ArrayBuffer>>, options: UploadOptions = {}): Promise<Upload> {
    return upload(this.#transport, file, options);
  }

  getUpload(id: string, { signal }: Abortable = {}): Promise<Upload> {
    return this.#transport.json(`/v1/uploads/${encodeURIComponent(id)}`, { signal });
  }

  listUploads(options: Omit<ListOptions, 'status'> = {}): AsyncGenerator<Upload, void, void> {
    return this.#pages<Upload>('/v1/uploads', options);
  }

  async deleteUpload(id: string, { signal }: Abortable = {}): Promise<void> {
    await this.#transport.call(`/v1/uploads/${encodeURIComponent(id)}`, { method: 'DELETE', signal });
  }

  /** @param idempotencyKey made by default, so that a request that is repeated on the way starts one conversion */
  convert(
    uploadId: string,
    order: ConversionOrder = {},
    { idempotencyKey = randomKey(), signal }: Abortable & { readonly idempotencyKey?: string } = {},
  ): Promise<Conversion> {
    return this.#transport.json('/v1/conversions', {
      ...{ method: 'POST', json: { uploadId, ...order }, isRepeatable: true, signal },
      headers: { 'idempotency-key': idempotencyKey },
    });
  }

  status(id: string, { signal }: Abortable = {}): Promise<Conversion> {
    return this.#transport.json(conversionPath(id), { signal });
  }

  /** Newest first. */
  list({ status, ...options }: ListOptions = {}): AsyncGenerator<Conversion, void, void> {
    return this.#pages<Conversion>('/v1/conversions', options, status === undefined ? {} : { status });
  }

  cancel(id: string, { signal }: Abortable = {}): Promise<Conversion> {
    return this.#post(`${conversionPath(id)}/cancel`, undefined, signal);
  }

  /** @returns a new conversion with the same settings */
  retry(id: string, { signal }: Abortable = {}): Promise<Conversion> {
    return this.#post(`${conversionPath(id)}/retry`, undefined, signal);
  }

  async delete(id: string, { signal }: Abortable = {}): Promise<void> {
    await this.#transport.call(conversionPath(id), { method: 'DELETE', signal });
  }

  /** What has happened so far. */
  async history(id: string, { signal }: Abortable = {}): Promise<readonly HistoryEvent[]> {
    const call = { headers: { accept: 'application/json' }, signal };
    return (await this.#transport.json<{ events: HistoryEvent[] }>(`${conversionPath(id)}/events`, call)).events;
  }

  /** The same, and what happens from now on, until the last event. */
  events(id: string, options: EventsOptions = {}): AsyncGenerator<HistoryEvent, void, void> {
    return conversionEvents(this.#transport, id, options);
  }

  /** Status and progress until the conversion has ended; see {@link follow}. */
  follow(id: string, options: EventsOptions = {}): AsyncGenerator<Live, void, void> {
    return follow(this.#transport, this.#WebSocket, id, options);
  }

  /** The output; see {@link download}. */
  download(id: string, options: DownloadOptions = {}): Promise<Download> {
    return download(this.#transport, outputPath(id), options);
  }

  /** @param expiresIn seconds, at most 7 days */
  link(id: string, expiresIn: number, { signal }: Abortable = {}): Promise<SignedLink> {
    return this.#post(`${outputPath(id)}/links`, { expiresIn }, signal);
  }

  /** What shows that nothing is missing from the output. */
  proof(id: string, { signal }: Abortable = {}): Promise<Readonly<Record<string, unknown>>> {
    return this.#transport.json(`${conversionPath(id)}/proof`, { signal });
  }

  async presets({ signal }: Abortable = {}): Promise<Readonly<Record<PresetName, Settings>>> {
    const call = { isPublic: true, signal };
    return (await this.#transport.json<{ presets: Record<PresetName, Settings> }>('/v1/presets', call)).presets;
  }

  async #refresh(refreshToken: string): Promise<Tokens> {
    const call = { method: 'POST', json: { refreshToken }, isPublic: true } as const;
    return toTokens(await this.#transport.json<SessionDocument>('/v1/auth/refresh', call));
  }

  async #post<T>(path: string, json: unknown, signal: AbortSignal | undefined): Promise<T> {
    const response = await this.#transport.call(path, { method: 'POST', json, signal });
    return (response.status === 204 ? undefined : await response.json()) as T;
  }

  async *#pages<T>(
    path: string,
    { limit, signal }: Omit<ListOptions, 'status'>,
    filters: Readonly<Record<string, string>> = {},
  ): AsyncGenerator<T, void, void> {
    const query = new URLSearchParams(filters);
    if (limit !== undefined) query.set('limit', String(limit));
    for (;;) {
      const page = await this.#transport.json<Page<T>>(`${path}?${query}`, { signal });
      yield* page.items;
      if (page.next === null) return;
      query.set('cursor', page.next);
    }
  }
}

function conversionPath(id: string): string {
  return `/v1/conversions/${encodeURIComponent(id)}`;
}

function outputPath(id: string): string {
  return `/v1/outputs/${encodeURIComponent(id)}`;
}

/** Not `randomUUID`, which browsers have in secure contexts only. */
function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
