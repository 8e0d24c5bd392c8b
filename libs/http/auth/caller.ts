import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import type { Scope } from '#contracts';

/** What a request came with. An access token from before there were sessions has none. */
export type Credential =
  | { readonly kind: 'access-token'; readonly sessionId: string | null }
  | { readonly kind: 'api-key'; readonly keyId: string };

/** Who sent the request, as its credential says. */
export interface Caller {
  readonly userId: string;
  readonly scopes: readonly Scope[];
  /** The end of the credential: far beyond any timer where it has none. */
  readonly expiresAt: Date;
  readonly credential: Credential;
}

/** The caller as a controller's parameter; only behind a `TokenGuard`. */
export const Caller = createParamDecorator((_data: unknown, context: ExecutionContext): Caller => {
  const { user } = context.switchToHttp().getRequest<Request & { user?: Caller }>();
  if (user === undefined) throw new Error('this route has no TokenGuard');
  return user;
});
