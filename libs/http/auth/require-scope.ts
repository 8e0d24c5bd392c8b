import { Reflector } from '@nestjs/core';
import type { Scope } from '#contracts';

/** The scope that a credential needs for this route, behind a `TokenGuard`; on a class, for all of its routes. */
export const RequireScope = Reflector.createDecorator<Scope>();
