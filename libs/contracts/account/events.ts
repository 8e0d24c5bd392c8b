import { z } from 'zod';

/**
 * All that the log ever says of accounts: what is private is in records, which can be erased. Whoever keeps something
 * of the user's erases it, too.
 */
export const accountEventSchemas = {
  AccountErased: z.object({}),
} as const;

export type AccountEventType = keyof typeof accountEventSchemas;
export type AccountEvent = {
  [T in AccountEventType]: {
    readonly type: T;
    readonly at: string;
    readonly data: z.infer<(typeof accountEventSchemas)[T]>;
  };
}[AccountEventType];

const streamPrefix = 'account-';
/** The stream's subject is the user's id. */
export function accountStream(userId: string): string {
  return `${streamPrefix}${userId}`;
}
