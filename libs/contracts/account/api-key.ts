import { createHash } from 'node:crypto';
import type { Scope } from '../scopes.ts';

/** A credential for programs: what the user gave it a name and scopes for. */
export type ApiKey = {
  readonly userId: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** SHA-256 of the whole key, hexadecimal. */
  readonly hash: string;
  readonly createdAt: string;
  readonly expiresAt: string | null;
};

/** The collection of these records, by key id: written by the auth service, read at the edge of every service. */
export const apiKeys: {
  readonly name: string;
  readonly kind: 'record';
  readonly indexes: { readonly byUser: { readonly fields: readonly ['userId', 'createdAt'] } };
  readonly __document?: ApiKey;
} = { name: 'api-keys', kind: 'record', indexes: { byUser: { fields: ['userId', 'createdAt'] } } };

const prefix = 'mixdown_';
/** 32 random bytes as base64url. */
const form = /^mixdown_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})_[\w-]{43}$/;

/** The key as its user gets it, once. The prefix is for people, and for programs that look for leaked secrets. */
export function apiKeyText(id: string, secret: Buffer): string {
  return `${prefix}${id}_${secret.toString('base64url')}`;
}

/** Whether it is meant to be a key, and not a token. */
export function looksLikeApiKey(credential: string): boolean {
  return credential.startsWith(prefix);
}

/** The id of the key that it says it is; null when it has not the form of one. */
export function apiKeyIdOf(text: string): string | null {
  return form.exec(text)?.[1] ?? null;
}

/** Secrets of 256 random bits need no slow hash: there is nothing to guess. */
export function secretHash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
