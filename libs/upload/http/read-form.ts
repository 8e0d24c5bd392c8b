import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import busboy from 'busboy';
import { Problem } from '#http';
import { limits } from './limits.ts';

export interface FilePart {
  readonly bytes: Readable;
  /** As the client gave it. */
  readonly fileName: string | undefined;
  readonly mediaType: string;
}

export interface FormReader<Kept> {
  /** Called for each field before the file. @throws Problem the form is refused */
  field(name: string, value: string): void;
  /** Reads the file to its end. */
  keep(file: FilePart): Promise<Kept>;
  /** The form turned out to be wrong after its file was kept. */
  discard(kept: Kept): Promise<void>;
}

const formLimits = { files: 1, fields: 8, fieldSize: 16 * 1024, parts: 10 };
/** RFC 7578, 4.7: other encodings are deprecated; taken for plain bytes, they would be stored as gibberish. */
const plainEncodings = ['7bit', '8bit', 'binary'];

/**
 * RFC 7578: exactly one file, called `file`, after its fields, so that it can be streamed knowing what they say.
 * Resolves with what was kept of the file when the form has ended as it should.
 *
 * @throws Problem `invalid-request` for any other form; what `keep`, `field` or the body failed with
 */
export async function readForm<Kept>(
  body: Readable,
  headers: IncomingHttpHeaders,
  reader: FormReader<Kept>,
): Promise<Kept> {
  const form = openForm(headers);
  const so: { kept: Promise<Kept> | null; failure: Error | null } = { kept: null, failure: null };
  const fail = (error: Error) => {
    so.failure ??= error;
    form.destroy(so.failure);
  };
  body.once('error', fail);
  // Whatever is not of our making is the form's own fault.
  form.once('error', () => {
    so.failure ??= malformed('is malformed, or ends early');
  });

  const names = new Set<string>();
  form.on('field', (name, value, { nameTruncated, valueTruncated }) => {
    if (so.failure !== null) return;
    if (so.kept !== null) fail(malformed('comes after the file: send fields before it', name));
    else if (name === 'file') fail(malformed('has no file name: send it as a file, not as a field', name));
    else if (nameTruncated || valueTruncated) fail(malformed('is too long', name));
    else if (names.has(name)) fail(malformed('is there twice', name));
    else attempt(() => reader.field(name, value), fail);
    names.add(name);
  });
  form.on('file', (name, bytes, { filename, mimeType, encoding }) => {
    // Whoever reads it sees its failure; without a listener an unread one would end the process.
    bytes.on('error', () => undefined);
    if (so.failure !== null) return;
    if (name !== 'file') return fail(malformed('is a file, and only `file` may be one', name));
    if (!plainEncodings.includes(encoding)) return fail(malformed(`is encoded: send it as it is`, name));
    so.kept = reader.keep({ bytes, fileName: filename, mediaType: mimeType });
    so.kept.catch((error: Error) => {
      // Unless it only passes on that the form was cut off under it.
      if (form.errored === null) fail(error);
    });
  });
  form.on('filesLimit', () => fail(malformed('is there twice: send one file', 'file')));
  form.on('fieldsLimit', () => fail(malformed('has too many fields')));
  form.on('partsLimit', () => fail(malformed('has too many parts')));

  try {
    await pipeline(body, form);
    if (so.kept === null) throw malformed('is missing', 'file');
    return await so.kept;
  } catch (error) {
    await discardKept(so.kept, reader);
    throw so.failure ?? error;
  }
}

function openForm(headers: IncomingHttpHeaders): busboy.Busboy {
  const { bufferBytes: highWaterMark } = limits;
  try {
    return busboy({ headers, limits: formLimits, defParamCharset: 'utf8', highWaterMark, fileHwm: highWaterMark });
  } catch (cause) {
    throw new Problem('invalid-request', 'The Content-Type of the form names no boundary.', { cause });
  }
}

/** @param part the part's name, when it is one part that is wrong */
function malformed(detail: string, part?: string): Problem {
  const sentence = part === undefined ? `The form ${detail}.` : `The form’s part ${JSON.stringify(part)} ${detail}.`;
  return new Problem('invalid-request', sentence, { errors: [{ pointer: `/${part ?? ''}`, detail }] });
}

function attempt(work: () => void, fail: (error: Error) => void): void {
  try {
    work();
  } catch (error) {
    fail(error instanceof Error ? error : new Error(String(error)));
  }
}

async function discardKept<Kept>(kept: Promise<Kept> | null, reader: FormReader<Kept>): Promise<void> {
  if (kept === null) return;
  const [settled] = await Promise.allSettled([kept]);
  if (settled.status === 'fulfilled') await reader.discard(settled.value);
}
