import type { Request } from 'express';
import { z } from 'zod';

const most = 100;
const usual = 20;

/** The parameters of every list. */
export const paging = {
  limit: z
    .string()
    .regex(/^\d{1,3}$/, `a number from 1 to ${most}`)
    .transform(Number)
    .pipe(z.int().min(1).max(most))
    .prefault(String(usual))
    .describe(`How many at once: 1 to ${most}, ${usual} if not said`),
  cursor: z.string().min(1).optional().describe('`next` of the page before'),
} as const;

/** A page of a list as it is sent. */
export interface Paged<Item> {
  readonly items: readonly Item[];
  /** Null on the last page. */
  readonly next: string | null;
}

export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({
    items: z.array(item),
    next: z.string().nullable().describe('Send it as `cursor`; null at the end'),
  });
}

/** RFC 8288: where the next page is, relative to here, so that it is right behind every proxy. */
export function linkToNext({ path, query }: Pick<Request, 'path' | 'query'>, next: string): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...query, cursor: next })) {
    if (typeof value === 'string') parameters.set(name, value);
  }
  return `<${path}?${parameters}>; rel="next"`;
}

/** `Link`, as the documentation of a list has it. */
export const linkHeader = {
  Link: { description: 'The next page, `rel="next"` (RFC 8288)', schema: { type: 'string' as const } },
};
