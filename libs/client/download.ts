import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { backoff } from './pause.ts';
import { ServerUnreachable } from './problem.ts';
import type { Transport } from './transport.ts';

export interface DownloadOptions {
  /** Bytes `from` (included) to `to` (not included; default: the end). A part cannot be checked against the hash. */
  readonly range?: { readonly from: number; readonly to?: number };
  readonly signal?: AbortSignal;
}

/** A file on its way. */
export interface Download {
  /** How many bytes come. */
  readonly bytes: number;
  /** Of the whole file, as the server recorded it. */
  readonly sha256: string;
  /** Read once. Ends only when all bytes are there and right, else it throws. */
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** What came is not what the server recorded, or is no longer the same file. */
export class DownloadDamaged extends Error {
  readonly code = 'download-damaged';
  constructor(message: string) {
    super(message);
    this.name = 'DownloadDamaged';
  }
}

/** Connections in a row that bring nothing, before it is given up. */
const fruitlessConnections = 8;
const identity = { 'accept-encoding': 'identity' };

/** Begins a download, which goes on where it was after a lost connection (RFC 9110, 13.1.5 and 14). */
export async function download(
  transport: Transport,
  path: string,
  { range, signal }: DownloadOptions,
): Promise<Download> {
  const first = range?.from ?? 0;
  const headers = range === undefined ? identity : { ...identity, range: rangeOf(first, range.to) };
  const response = await transport.call(path, { headers, signal });
  const bytes = Number(response.headers.get('content-length'));
  const etag = response.headers.get('etag') ?? '';
  const hash = /^"([0-9a-f]{64})"$/.exec(etag)?.[1];
  if (hash === undefined || Number.isNaN(bytes)) throw new DownloadDamaged('the answer names no size or no hash');
  const isPart = response.status === 206;

  async function* chunks(): AsyncGenerator<Uint8Array, void, void> {
    const hasher = sha256.create();
    let received = 0;
    let current = response;
    for (let fruitless = 0; ; fruitless += 1) {
      let lost: unknown = new Error('the connection ended too early, again and again');
      try {
        for await (const chunk of current.body ?? []) {
          received += chunk.length;
          fruitless = 0;
          hasher.update(chunk);
          yield chunk;
        }
      } catch (error) {
        signal?.throwIfAborted();
        lost = error;
      }
      if (received >= bytes) break;
      if (fruitless >= fruitlessConnections) throw new ServerUnreachable(transport.url, lost);
      await transport.pause(backoff(fruitless), signal);
      const rest = { ...identity, range: rangeOf(first + received, first + bytes), 'if-range': etag };
      current = await transport.call(path, { headers: rest, signal });
      if (current.status !== 206) throw new DownloadDamaged('the file changed while it was being downloaded');
    }
    if (received > bytes) throw new DownloadDamaged(`${received} bytes came instead of ${bytes}`);
    if (!isPart && bytesToHex(hasher.digest()) !== hash)
      throw new DownloadDamaged('the SHA-256 is not the recorded one');
  }

  return { bytes, sha256: hash, chunks: chunks() };
}

function rangeOf(from: number, to: number | undefined): string {
  return `bytes=${from}-${to === undefined ? '' : to - 1}`;
}
