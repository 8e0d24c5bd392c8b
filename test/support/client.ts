import { randomUUID } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import { basename } from 'node:path';
import { type Conversion, type HistoryEvent, MixdownClient, type ProblemDocument, type Upload } from '#client';
import type { PresetName } from '#contracts';

export type Problem = ProblemDocument;
export type Status = Conversion;
export type LiveEvent = HistoryEvent;

export const password = 'correct horse battery staple';

/** A user of the service: the project's own client, with what only tests need. */
export class Client {
  private constructor(
    public url: string,
    readonly token: string,
  ) {}

  static async register(url: string, email = `${randomUUID()}@example.org`): Promise<Client> {
    await clientOf(url).register(email, password);
    return Client.login(url, email);
  }

  static async login(url: string, email: string): Promise<Client> {
    const { accessToken } = await clientOf(url).login(email, password);
    return new Client(url, accessToken);
  }

  /** With a credential that is at hand. */
  static with(url: string, credential: string): Client {
    return new Client(url, credential);
  }

  /** The request as it is, and its answer, whatever that is. */
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

  async upload(path: string, convert?: PresetName): Promise<Upload> {
    const named = { fileName: basename(path), ...(convert === undefined ? {} : { convert }) };
    return this.#client.upload(await openAsBlob(path), named);
  }

  async convert(uploadId: string, order: object = {}, key?: string): Promise<string> {
    return (await this.#client.convert(uploadId, order, key === undefined ? {} : { idempotencyKey: key })).id;
  }

  status(id: string): Promise<Conversion> {
    return this.#client.status(id);
  }

  history(id: string): Promise<readonly HistoryEvent[]> {
    return this.#client.history(id);
  }

  /** The live events of a conversion, as server-sent events. */
  follow(id: string, after?: number): AsyncGenerator<HistoryEvent> {
    return this.#client.events(id, after === undefined ? {} : { after });
  }

  /** Resolves with the status when the conversion has ended. */
  async end(id: string): Promise<Conversion> {
    for await (const _ of this.follow(id));
    return this.status(id);
  }

  async download(id: string): Promise<Buffer> {
    return Buffer.concat(await Array.fromAsync((await this.#client.download(id)).chunks));
  }

  get #client(): MixdownClient {
    return clientOf(this.url, this.token);
  }
}

/** It does not wait for a server that is busy or away: what a test asks for is answered, or the test says why not. */
function clientOf(url: string, token?: string): MixdownClient {
  const credentials = token === undefined ? null : { accessToken: token };
  return new MixdownClient(url, { credentials, patienceSeconds: 0, fetch: (...asked) => fetch(...asked) });
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
