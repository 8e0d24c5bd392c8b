import { createHash } from 'node:crypto';
import { v5 } from 'uuid';
import { z } from 'zod';
import { canonicalJson, type Json } from './json.ts';

/** The namespace of every name-based id that mixdown makes. Changing it would orphan every stored conversion. */
const namespace = '6f1d9a3e-5c0b-4b0e-9d55-3f6f0c9b7a21';

export const Id = z.uuid();

/** UUIDv5 of the parts: the same parts give the same id, on every machine, for ever. */
export function deriveId(...parts: readonly string[]): string {
  return v5(parts.join('\n'), namespace);
}

/** SHA-256 of the canonical JSON text, hexadecimal. */
export function fingerprint(value: Json): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}

/** A client that repeats its Idempotency-Key gets the conversion that the key named the first time. */
export function conversionIdForKey(userId: string, idempotencyKey: string): string {
  return deriveId(userId, idempotencyKey);
}

/** The conversion that an upload's `convert` starts: known before the upload is complete. */
export function conversionIdForUpload(uploadId: string): string {
  return deriveId(uploadId, 'convert');
}

/**
 * The payload is part of the id, because EventStoreDB takes a known id at its place as a repetition without
 * looking at the payload.
 */
export function eventIdFor(stream: string, commandId: string, index: number, data: Json): string {
  return deriveId(stream, commandId, String(index), fingerprint(data));
}
