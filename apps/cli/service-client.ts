import { randomBytes, randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import type { Settings } from '#contracts';
import { ExitCode, Failure } from './failure.ts';

export interface Status {
  readonly id: string;
  readonly status: 'queued' | 'running' | 'completed' | 'failed' | 'cancelled';
  readonly progress: number;
  readonly error: { readonly code: string; readonly detail: string } | null;
}

const pollMilliseconds = 500;

/** The part of the HTTP interface that `convert` needs. */
export class ServiceClient {
  private constructor(
    private readonly url: string,
    private readonly token: string,
  ) {}

  static async forNewUser(url: string): Promise<ServiceClient> {
    const login = { email: `${randomUUID()}@localhost.localdomain`, password: randomBytes(24).toString('hex') };
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(login) };
    await expectOk(await fetch(`${url}/v1/auth/register`, init));
    const { accessToken } = (await (await expectOk(await fetch(`${url}/v1/auth/login`, init))).json()) as {
      accessToken: string;
    };
    return new ServiceClient(url, accessToken);
  }

  /** @returns the id of the conversion that the upload starts */
  async upload(bytes: Readable, fileName: string, settings: Settings): Promise<string> {
    const query = new URLSearchParams({ filename: fileName, convert: JSON.stringify(settings) });
    const response = await this.#fetch(`/v1/uploads?${query}`, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
      body: bytes,
      duplex: 'half',
    });
    const { conversion } = (await response.json()) as { conversion: { id: string } };
    return conversion.id;
  }

  /** Resolves with the status when the conversion has ended. @param onProgress percent */
  async follow(id: string, onProgress: (percent: number) => void): Promise<Status> {
    const { body } = await this.#fetch(`/v1/conversions/${id}/events`, { headers: { accept: 'text/event-stream' } });
    const timer = setInterval(() => {
      this.status(id).then(
        ({ progress }) => onProgress(progress),
        () => clearInterval(timer),
      );
    }, pollMilliseconds);
    try {
      // The stream of events ends with the conversion.
      for await (const _ of body ?? []);
    } finally {
      clearInterval(timer);
    }
    return this.status(id);
  }

  async status(id: string): Promise<Status> {
    return (await (await this.#fetch(`/v1/conversions/${id}`)).json()) as Status;
  }

  async download(id: string): Promise<ReadableStream> {
    const { body } = await this.#fetch(`/v1/outputs/${id}`);
    if (body === null) throw new Failure('the output is empty', ExitCode.failed);
    return body as ReadableStream;
  }

  async #fetch(path: string, init: RequestInit & { duplex?: 'half' } = {}): Promise<Response> {
    const headers = { ...init.headers, authorization: `Bearer ${this.token}` };
    return expectOk(await fetch(`${this.url}${path}`, { ...init, headers }));
  }
}

async function expectOk(response: Response): Promise<Response> {
  if (response.ok) return response;
  const { title, detail } = (await response.json()) as { title?: string; detail?: string };
  throw new Failure(detail ?? title ?? `the service answered ${response.status}`, ExitCode.failed);
}
