import { MIMEType } from 'node:util';
import type { Request } from 'express';
import { Problem } from '#http';
import { limits } from './limits.ts';

export type BodyKind = { readonly is: 'form' } | { readonly is: 'file'; readonly mediaType: string };

const advice = 'Send multipart/form-data, or the file itself with its media type (application/octet-stream will do).';
/** Of an event's media type. */
const longestMediaType = 255;

/**
 * What a request's headers say that its body is; everything that they show to be refused is refused here.
 * @throws Problem `unsupported-media-type` | `not-supported` | `upload-too-large`
 */
export function bodyKindOf({ headers }: Request, maxUploadBytes: number): BodyKind {
  const type = mimeTypeOf(headers['content-type']);
  const coding = headers['content-encoding'] ?? 'identity';
  if (coding !== 'identity') throw new Problem('unsupported-media-type', 'Send the body without a Content-Encoding.');
  if (type.essence === 'application/json') {
    throw new Problem('not-supported', 'This version does not import from a URL.', {
      errors: [{ pointer: '/url', detail: 'this version cannot do it' }],
    });
  }
  const isForm = type.essence === 'multipart/form-data';
  if (!isForm && (type.type === 'multipart' || type.essence === 'application/x-www-form-urlencoded')) {
    throw new Problem('unsupported-media-type', advice);
  }
  const most = maxUploadBytes + (isForm ? limits.multipartOverheadBytes : 0);
  if (Number(headers['content-length'] ?? 0) > most) {
    throw new Problem('upload-too-large', `At most ${maxUploadBytes} bytes are taken.`);
  }
  return isForm ? { is: 'form' } : { is: 'file', mediaType: type.essence.slice(0, longestMediaType) };
}

function mimeTypeOf(header: string | undefined): MIMEType {
  try {
    return new MIMEType(header ?? '');
  } catch (cause) {
    throw new Problem('unsupported-media-type', advice, { cause });
  }
}
