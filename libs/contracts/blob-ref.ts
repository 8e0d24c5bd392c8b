import { z } from 'zod';

/** Names stored bytes. The key is random and never says anything of the content; the hash is a checked property. */
export const BlobRef = z.object({
  key: z.uuid(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Size in bytes. */
  bytes: z.int().min(0),
});
export type BlobRef = z.infer<typeof BlobRef>;
