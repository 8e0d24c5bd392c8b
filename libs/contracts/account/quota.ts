import { z } from 'zod';

const Limit = z.int().min(0).nullable();

/** How much a user may use; null is without limit. What is not given is as the service's configuration says. */
export const Quota = z.strictObject({
  uploadBytes: Limit.optional().describe('Bytes of all uploads that are stored at once'),
  conversionsPerDay: Limit.optional().describe('Conversions accepted within 24 hours'),
  conversionsAtOnce: Limit.optional().describe('Conversions that have not ended'),
});
export type Quota = z.infer<typeof Quota>;

/** The collection of these records, by user id: written by the auth service, read where uploads and conversions begin. */
export const accountQuotas: {
  readonly name: string;
  readonly kind: 'record';
  readonly indexes: Readonly<Record<string, never>>;
  readonly __document?: Quota;
} = { name: 'account-quotas', kind: 'record', indexes: {} };
