import type { PresetName, Settings } from '#contracts';
import type { Upload } from './documents.ts';
import type { Transport } from './transport.ts';

export interface UploadOptions {
  readonly fileName?: string;
  /** Starts a conversion as soon as the bytes are there; the answer names it. */
  readonly convert?: PresetName | Partial<Settings>;
  /** Bytes sent so far. Where the platform cannot tell, only the end is told. */
  readonly onProgress?: (bytes: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Sends a file. A Blob is sent again after a lost connection: of a try whose answer was lost, an upload may remain. A
 * stream can be sent only once.
 */
export async function upload(
  transport: Transport,
  file: Blob | ReadableStream<Uint8Array<ArrayBuffer>>,
  { fileName, convert, onProgress, signal }: UploadOptions,
): Promise<Upload> {
  const query = new URLSearchParams();
  if (fileName !== undefined) query.set('filename', fileName);
  if (convert !== undefined) query.set('convert', typeof convert === 'string' ? convert : JSON.stringify(convert));
  const headers: Record<string, string> = { 'content-type': (file instanceof Blob && file.type) || fallbackType };
  // So that a server which does not take that much can say so at once. Browsers know it by themselves.
  if (file instanceof Blob) headers['content-length'] = String(file.size);
  const sent = await transport.json<Upload>(`/v1/uploads?${query}`, {
    method: 'POST',
    headers,
    body: () => bodyOf(file, onProgress),
    ...(file instanceof Blob ? { isRepeatable: true } : { isOnce: true }),
    signal,
  });
  onProgress?.(sent.bytes);
  return sent;
}

const fallbackType = 'application/octet-stream';

function bodyOf(
  file: Blob | ReadableStream<Uint8Array<ArrayBuffer>>,
  onProgress: ((bytes: number) => void) | undefined,
): Blob | ReadableStream<Uint8Array<ArrayBuffer>> {
  if (onProgress === undefined) return file;
  if (!(file instanceof Blob)) return counted(file, onProgress);
  return canStream() ? counted(file.stream(), onProgress) : file;
}

function counted(
  bytes: ReadableStream<Uint8Array<ArrayBuffer>>,
  onProgress: (bytes: number) => void,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  let sent = 0;
  return bytes.pipeThrough(
    new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform(chunk, controller) {
        sent += chunk.length;
        onProgress(sent);
        controller.enqueue(chunk);
      },
    }),
  );
}

/** Not every browser sends streams: one that does asks for `duplex`, and takes a stream for no text. */
function canStream(): boolean {
  let isAsked = false;
  const init = {
    method: 'POST',
    body: new ReadableStream(),
    get duplex() {
      isAsked = true;
      return 'half' as const;
    },
  };
  return !new Request('http://localhost', init).headers.has('content-type') && isAsked;
}
