import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import type { Scope } from '#contracts';

/** Who sent the request, as its credential says. */
export interface Caller {
  readonly userId: string;
  readonly scopes: readonly Scope[];
  readonly expiresAt: Date;
}

/** The caller as a controller's parameter; only behind a `TokenGuard`. */
export const Caller = createParamDecorator((_data: unknown, context: ExecutionContext): Caller => {
  const { user } = context.switchToHttp().getRequest<Request & { user?: Caller }>();
  if (user === undefined) throw new Error('this route has no TokenGuard');
  return user;
});
