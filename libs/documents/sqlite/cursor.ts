import { z } from 'zod';
import type { JsonObject } from '#contracts';
import { InvalidCursor } from '../documents.ts';

const Scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const Place = z.strictObject({ list: z.string(), values: z.array(Scalar), id: z.string() });
export type Place = z.infer<typeof Place>;

/** Clients keep and send back the place after a document in an index; to them it is opaque. */
export function toCursor(list: string, fields: readonly string[], id: string, document: JsonObject): string {
  const values = fields.map((field) => Scalar.parse(document[field] ?? null));
  return Buffer.from(JSON.stringify({ list, values, id } satisfies Place)).toString('base64url');
}

/**
 * @param list the collection and index that the cursor must come from
 * @param equals what its leading values must be
 * @throws {@link InvalidCursor}
 */
export function readCursor(
  cursor: string,
  list: string,
  fields: readonly string[],
  equals: readonly Place['values'][number][],
): Place {
  const place = Place.safeParse(parseJson(Buffer.from(cursor, 'base64url').toString('utf8'))).data;
  if (place === undefined || place.list !== list || place.values.length !== fields.length) throw new InvalidCursor();
  if (equals.some((value, index) => value !== place.values[index])) throw new InvalidCursor();
  return place;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw new InvalidCursor();
    throw error;
  }
}
