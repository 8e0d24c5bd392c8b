import { z } from 'zod';

/** What a credential may be used for. A session of a user has all of them but `admin`, which only some users have. */
export const scopes = ['uploads:write', 'conversions:write', 'conversions:read', 'webhooks:write', 'admin'] as const;

export const Scope = z.enum(scopes);
export type Scope = z.infer<typeof Scope>;

/** What everybody may do with what is theirs. */
export const userScopes: readonly Scope[] = scopes.filter((scope) => scope !== 'admin');
