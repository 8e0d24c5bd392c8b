import { type ExecutionContext, Injectable } from '@nestjs/common';
import { AuthGuard, PassportStrategy } from '@nestjs/passport';
import { ExtractJwt, Strategy } from 'passport-jwt';
import { callerOf, tokenRefused, tokenRules } from './access-tokens.ts';
import type { Caller } from './caller.ts';
import { JwtSecret } from './jwt-secret.ts';

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

/** Lets only requests with a valid access token pass. */
@Injectable()
export class TokenGuard extends AuthGuard(name) {
  override handleRequest<User>(error: unknown, user: User | false, info: unknown, _context: ExecutionContext): User {
    if (error instanceof Error) throw error;
    if (user) return user;
    throw tokenRefused(info instanceof Error && info.name === 'TokenExpiredError');
  }
}
