import { HttpException } from '@nestjs/common';
import { TooMuchContention } from '#actors';
import { BlobTooLarge } from '#blobs';
import { StorageFull } from '#contracts';
import { InvalidCursor } from '#documents';
import { OutcomeUnknown } from '#event-store';
import { DependencyUnavailable } from '#messaging';
import { Problem } from './problem.ts';

const awaySeconds = 5;

/** The one place where errors of the inside become answers to the outside. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof StorageFull) return new Problem('storage-full', undefined, { cause: error });
  if (error instanceof BlobTooLarge)
    return new Problem('upload-too-large', `At most ${error.maxBytes} bytes are taken.`);
  if (error instanceof DependencyUnavailable || error instanceof OutcomeUnknown) {
    return new Problem('dependency-unavailable', undefined, { retryAfterSeconds: awaySeconds, cause: error });
  }
  if (error instanceof TooMuchContention) return new Problem('busy', error.message, { retryAfterSeconds: 1 });
  if (error instanceof InvalidCursor) {
    return new Problem('invalid-request', undefined, { errors: [{ pointer: '/cursor', detail: error.message }] });
  }
  if (error instanceof HttpException) return fromStatus(error.getStatus(), error);
  if (isHttpError(error)) return fromStatus(error.status, error);
  return new Problem('internal', undefined, { cause: error });
}

/** As body parsers and routers throw them: see https://www.npmjs.com/package/http-errors. */
function isHttpError(error: unknown): error is Error & { readonly status: number; readonly type?: string } {
  return error instanceof Error && 'status' in error && typeof error.status === 'number';
}

function fromStatus(status: number, error: Error): Problem {
  switch (status) {
    case 401:
      return new Problem('unauthenticated', undefined, { headers: { 'WWW-Authenticate': 'Bearer' } });
    case 404:
      return new Problem('not-found');
    case 413:
      return new Problem('upload-too-large', error.message);
    case 415:
      return new Problem('unsupported-media-type', error.message);
    default:
      return status < 500
        ? new Problem('invalid-request', error.message)
        : new Problem('internal', undefined, { cause: error });
  }
}
