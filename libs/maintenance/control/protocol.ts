import type { Told } from '../maintenance.ts';

/** A message a line. */
export const mediaType = 'application/x-ndjson';

export type ControlMessage = Told | { readonly type: 'failed'; readonly detail: string };
