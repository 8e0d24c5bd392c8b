import type { Readable } from 'node:stream';
import busboy from 'busboy';
import type { Request } from 'express';
import { Problem } from '#http';
import type { ProgressWatch } from './progress-watch.ts';

export interface FilePart {
  readonly bytes: Readable;
  readonly fileName: string | undefined;
  readonly mediaType: string;
  /** The fields that came before the file. */
  readonly fields: ReadonlyMap<string, string>;
}

const limits = { files: 1, fields: 8, fieldNameSize: 64, fieldSize: 16 * 1024, parts: 10, headerPairs: 32 };

function malformed(detail: string): Problem {
  return new Problem('invalid-request', detail, { errors: [{ pointer: '/', detail }] });
}

/**
 * RFC 7578: exactly one file, called `file`, after its fields, so that it can be streamed knowing what they say.
 * Resolves with what `keep` made of the file once the form has ended as it should.
 *
 * @throws Problem `invalid-request` for anything else; what `keep` had made is then given to `discard`
 */
export async function readMultipart<Kept>(
  request: Request,
  watch: ProgressWatch,
  stop: AbortSignal,
  keep: (file: FilePart) => Promise<Kept>,
  discard: (kept: Kept) => Promise<void>,
): Promise<Kept> {
  const form = openForm(request);
  const fields = new Map<string, string>();
  const ended = Promise.withResolvers<void>();
  let kept: Promise<Kept> | null = null;

  form.on('field', (name, value, { nameTruncated, valueTruncated }) => {
    if (kept !== null) ended.reject(malformed(`The field ${name} comes after the file: send fields before the file.`));
    else if (nameTruncated || valueTruncated) ended.reject(malformed('A field is too long.'));
    else if (fields.has(name)) ended.reject(malformed(`The field ${name} is there twice.`));
    else fields.set(name, value);
  });
  form.on('file', (name, bytes, { filename, mimeType }) => {
    // Its end is seen by whoever iterates it; without this listener an early one would end the process.
    bytes.on('error', () => undefined);
    if (name !== 'file') {
      bytes.resume();
      ended.reject(malformed(`The file part is called ${name}: call it file.`));
      return;
    }
    kept = keep({ bytes, fileName: filename, mediaType: mimeType, fields });
    kept.catch(ended.reject);
  });
  for (const limit of ['filesLimit', 'fieldsLimit', 'partsLimit'] as const) {
    form.on(limit, () => ended.reject(malformed('The form has more parts than one file and its fields.')));
  }
  form.on('error', (error) =>
    ended.reject(error instanceof Problem ? error : malformed('The multipart body is malformed or ends early.')),
  );
  form.on('close', () => ended.resolve());
  request.on('data', (chunk: Buffer) => watch.add(chunk.length));
  request.once('close', () => {
    if (!request.complete) form.destroy(malformed('The connection was closed before the body had ended.'));
  });
  stop.addEventListener('abort', () => ended.reject(stop.reason), { once: true });
  request.pipe(form);

  try {
    await ended.promise;
    if (kept === null) throw malformed('The form has no part called file.');
    return await kept;
  } catch (error) {
    request.unpipe(form);
    form.destroy(error instanceof Error ? error : undefined);
    await discardLater(kept, discard);
    throw error;
  }
}

function openForm(request: Request): busboy.Busboy {
  try {
    return busboy({
      headers: request.headers,
      limits,
      defParamCharset: 'utf8',
      highWaterMark: 16 * 1024,
      fileHwm: 16 * 1024,
    });
  } catch {
    throw malformed('The Content-Type names no boundary.');
  }
}

async function discardLater<Kept>(kept: Promise<Kept> | null, discard: (kept: Kept) => Promise<void>): Promise<void> {
  const made = await kept?.then(
    (value) => ({ value }),
    () => null,
  );
  if (made !== null && made !== undefined) await discard(made.value);
}
