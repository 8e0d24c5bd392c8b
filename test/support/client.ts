import { randomUUID } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import { basename } from 'node:path';

export interface Problem {
  readonly type: string;
  readonly status: number;
  readonly code: string;
  readonly detail?: string;
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
}

export interface Status {
  readonly id: string;
  readonly status: 'queued' | 'running' | 'completed' | 'failed' | 'cancelled';
  readonly progress: number;
  readonly phases: Readonly<
    Record<'inspect' | 'encode' | 'join', { readonly status: string; readonly percent: number }>
  >;
  readonly source: { readonly container: string; readonly audio: { readonly codec: string } } | null;
  readonly output: {
    readonly url: string;
    readonly bytes: number;
    readonly sha256: string;
    readonly samples: number;
  } | null;
  readonly error: { readonly code: string; readonly detail: string } | null;
  readonly metadata: Readonly<Record<string, string>> | null;
  readonly revision: number;
  readonly [field: string]: unknown;
}

export interface LiveEvent {
  readonly type: string;
  readonly revision: number;
  readonly data: Readonly<Record<string, unknown>>;
}

export const password = 'correct horse battery staple';

/** A user of the HTTP interface, who knows nothing but its documentation. */
export class Client {
  private constructor(
    public url: string,
    readonly token: string,
  ) {}

  static async register(url: string, email = `${randomUUID()}@example.org`): Promise<Client> {
    await expectOk(post(`${url}/v1/auth/register`, { email, password }));
    return Client.login(url, email);
  }

  static async login(url: string, email: string): Promise<Client> {
    const response = await expectOk(post(`${url}/v1/auth/login`, { email, password }));
    const { accessToken } = (await response.json()) as { accessToken: string };
    return new Client(url, accessToken);
  }

  /** With a credential that is at hand. */
  static with(url: string, credential: string): Client {
    return new Client(url, credential);
  }

  fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    if (!headers.has('authorization')) headers.set('authorization', `Bearer ${this.token}`);
    return fetch(`${this.url}${path}`, { ...init, headers });
  }

  postJson(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
    return this.fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  }

  async upload(path: string, convert?: string): Promise<{ id: string; conversion?: { id: string } }> {
    const form = new FormData();
    if (convert !== undefined) form.set('convert', convert);
    form.set('file', await openAsBlob(path), basename(path));
    const response = await expectOk(this.fetch('/v1/uploads', { method: 'POST', body: form }));
    return (await response.json()) as { id: string; conversion?: { id: string } };
  }

  async convert(uploadId: string, order: object = {}, key?: string): Promise<string> {
    const headers: Record<string, string> = key === undefined ? {} : { 'idempotency-key': key };
    const response = await expectOk(this.postJson('/v1/conversions', { uploadId, ...order }, headers));
    return ((await response.json()) as Status).id;
  }

  async status(id: string): Promise<Status> {
    return (await (await expectOk(this.fetch(`/v1/conversions/${id}`))).json()) as Status;
  }

  async history(id: string): Promise<readonly LiveEvent[]> {
    const response = await expectOk(
      this.fetch(`/v1/conversions/${id}/events`, { headers: { accept: 'application/json' } }),
    );
    return ((await response.json()) as { events: LiveEvent[] }).events;
  }

  /** The live events of a conversion, as server-sent events. */
  async *follow(id: string, after?: number): AsyncGenerator<LiveEvent> {
    const headers: Record<string, string> = { accept: 'text/event-stream' };
    if (after !== undefined) headers['last-event-id'] = String(after);
    const response = await expectOk(this.fetch(`/v1/conversions/${id}/events`, { headers }));
    let text = '';
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk).toString('utf8');
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        const data = block.split('\n').find((line) => line.startsWith('data: '));
        if (data !== undefined) yield JSON.parse(data.slice(6)) as LiveEvent;
      }
    }
  }

  /** Resolves with the status when the conversion has ended. */
  async end(id: string): Promise<Status> {
    for await (const _ of this.follow(id));
    return this.status(id);
  }

  async download(id: string): Promise<Buffer> {
    const response = await expectOk(this.fetch(`/v1/outputs/${id}`));
    return Buffer.from(await response.arrayBuffer());
  }
}

export function post(url: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

/** @throws for any answer that is not a success, with what it says */
export async function expectOk(asked: Promise<Response>): Promise<Response> {
  const response = await asked;
  if (!response.ok) throw new Error(`${response.status} from ${response.url}: ${await response.text()}`);
  return response;
}
