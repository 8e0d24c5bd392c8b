import { type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard, PassportStrategy } from '@nestjs/passport';
import type { Request } from 'express';
import { ExtractJwt, Strategy } from 'passport-jwt';
import { callerOf, tokenRefused, tokenRules } from './access-tokens.ts';
import type { Caller } from './caller.ts';
import { JwtSecret } from './jwt-secret.ts';
import { demandScope, RequireScope } from './require-scope.ts';

const name = 'access-token';

/** Tokens are taken from the Authorization header alone: in a URL they would end up in logs. */
@Injectable()
export class AccessTokenStrategy extends PassportStrategy(Strategy, name) {
  constructor({ value }: JwtSecret) {
    super({ jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(), secretOrKey: value, ...tokenRules });
  }

  validate(claims: unknown): Caller | false {
    return callerOf(claims) ?? false;
  }
}

/** Lets only requests pass that have a valid access token with the scope that the route requires. */
@Injectable()
export class TokenGuard extends AuthGuard(name) {
  constructor(private readonly reflector: Reflector) {
    super();
  }

  /** @throws Problem `unauthenticated` | `token-expired` | `missing-scope` */
  override async canActivate(context: ExecutionContext): Promise<boolean> {
    if (!(await super.canActivate(context))) return false;
    const { user } = context.switchToHttp().getRequest<Request & { user: Caller }>();
    const required = this.reflector.getAllAndOverride(RequireScope, [context.getHandler(), context.getClass()]);
    if (required !== undefined) demandScope(user, required);
    return true;
  }

  override handleRequest<User>(error: unknown, user: User | false, info: unknown, _context: ExecutionContext): User {
    if (error instanceof Error) throw error;
    if (user) return user;
    throw tokenRefused(info instanceof Error && info.name === 'TokenExpiredError');
  }
}
