import { Reflector } from '@nestjs/core';
import type { Scope } from '#contracts';
import { Problem } from '../problems/problem.ts';
import type { Caller } from './caller.ts';

/** The scope that a credential needs for this route, behind a `TokenGuard`; on a class, for all of its routes. */
export const RequireScope = Reflector.createDecorator<Scope>();

/** For a scope that only some requests to a route need. @throws Problem `missing-scope` */
export function demandScope({ scopes }: Caller, required: Scope): void {
  if (scopes.includes(required)) return;
  throw new Problem('missing-scope', `This needs a credential with the scope ${required}.`);
}
