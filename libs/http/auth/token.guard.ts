import { type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard, PassportStrategy } from '@nestjs/passport';
import type { Request, Response } from 'express';
import { ExtractJwt, Strategy } from 'passport-jwt';
import { JwtSecret } from '#config';
import { looksLikeApiKey } from '#contracts';
import { RequestLimits } from '../limits/request-limits.ts';
import { Problem } from '../problems/problem.ts';
import { callerOf, tokenRefused, tokenRules } from './access-tokens.ts';
import type { Caller } from './caller.ts';
import { Callers } from './callers.ts';
import { demandScope, RequireScope } from './require-scope.ts';
import { RequireSession } from './require-session.ts';

const name = 'access-token';
/** Tokens are taken from the Authorization header alone: in a URL they would end up in logs. */
const bearer = ExtractJwt.fromAuthHeaderAsBearerToken();

@Injectable()
export class AccessTokenStrategy extends PassportStrategy(Strategy, name) {
  constructor({ value }: JwtSecret) {
    super({ jwtFromRequest: bearer, secretOrKey: value, ...tokenRules });
  }

  validate(claims: unknown): Caller | false {
    return callerOf(claims) ?? false;
  }
}

/** Lets only requests pass whose access token or API key still counts, and may do what the route requires. */
@Injectable()
export class TokenGuard extends AuthGuard(name) {
  constructor(
    private readonly reflector: Reflector,
    private readonly callers: Callers,
    private readonly limits: RequestLimits,
  ) {
    super();
  }

  /** @throws Problem `unauthenticated` | `token-expired` | `missing-scope` | `rate-limited` */
  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Request & { user: Caller }>();
    const credential = bearer(request);
    if (credential !== null && looksLikeApiKey(credential)) request.user = await this.callers.authenticate(credential);
    else if (!(await super.canActivate(context))) return false;
    else await this.callers.refuseIfOut(request.user);
    await this.limits.countUser(request.user.userId, context.switchToHttp().getResponse<Response>());
    this.#refuseWhatItMayNot(request.user, context);
    return true;
  }

  override handleRequest<User>(error: unknown, user: User | false, info: unknown, _context: ExecutionContext): User {
    if (error instanceof Error) throw error;
    if (user) return user;
    throw tokenRefused(info instanceof Error && info.name === 'TokenExpiredError');
  }

  #refuseWhatItMayNot(caller: Caller, context: ExecutionContext): void {
    const places = [context.getHandler(), context.getClass()];
    const scope = this.reflector.getAllAndOverride(RequireScope, places);
    if (scope !== undefined) demandScope(caller, scope);
    if (this.reflector.getAllAndOverride(RequireSession, places) === true && caller.credential.kind === 'api-key') {
      throw new Problem('missing-scope', 'This manages the account, and takes no API key: log in.');
    }
  }
}
