import { pipeline } from 'node:stream/promises';
import type { Request, Response } from 'express';
import type { Blobs, ByteRange } from '#blobs';
import { contentDisposition, etagOf, Problem, parseRange } from '#http';
import type { FoundOutput } from '../application/find-output.ts';

/** RFC 9110: conditional and range requests for an immutable file whose strong ETag is its hash. */
export async function sendOutput(
  blobs: Blobs,
  found: FoundOutput,
  request: Request,
  response: Response,
): Promise<void> {
  const { blob } = found.output;
  const etag = etagOf(blob.sha256);
  response.set({
    'Accept-Ranges': 'bytes',
    ETag: etag,
    'Last-Modified': found.finishedAt.toUTCString(),
    'Cache-Control': 'private, max-age=31536000, immutable',
    'Content-Disposition': contentDisposition(found.fileName),
  });
  if (request.fresh) {
    response.status(304).end();
    return;
  }
  // RFC 9110, 15.4.5: not of use to whoever has the file.
  response.set('Content-Type', 'audio/mpeg');
  const range = wantedRange(request, etag, blob.bytes);
  if (range !== undefined) {
    response.status(206).set('Content-Range', `bytes ${range.from}-${range.to - 1}/${blob.bytes}`);
  }
  const { from, to } = range ?? { from: 0, to: blob.bytes };
  response.set('Content-Length', String(to - from));
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  const bytes = await blobs.open(blob, range);
  try {
    await pipeline(bytes, response);
  } catch (error) {
    // The client went away: nobody is left to be told.
    if (!(error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE')) throw error;
  }
}

/** Undefined for the whole file. RFC 9110, 13.1.5: an If-Range that does not match strongly asks for the whole. */
function wantedRange(request: Request, etag: string, bytes: number): ByteRange | undefined {
  const header = request.headers.range;
  if (header === undefined || request.method !== 'GET') return undefined;
  const ifRange = request.headers['if-range'];
  if (ifRange !== undefined && ifRange !== etag) return undefined;
  const range = parseRange(header, bytes);
  if (range === 'whole') return undefined;
  if (range === 'unsatisfiable') {
    throw new Problem('range-not-satisfiable', `The file has ${bytes} bytes.`, {
      headers: { 'Content-Range': `bytes */${bytes}` },
    });
  }
  return range;
}
