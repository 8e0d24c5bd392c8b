/** Whether the user may do anything at all. `erased` stays for ever: all that is kept of the account is its id. */
export type AccountState = { readonly status: 'active' | 'disabled' | 'erased' };

/**
 * The collection of these records, by user id: written by the auth service, read at the edge of every service. A user
 * without one is active.
 */
export const accountStates: {
  readonly name: string;
  readonly kind: 'record';
  readonly indexes: Readonly<Record<string, never>>;
  readonly __document?: AccountState;
} = { name: 'account-states', kind: 'record', indexes: {} };
