import { Reflector } from '@nestjs/core';

/** This route manages the account, so it takes an access token and no API key; behind a `TokenGuard`. */
export const RequireSession = Reflector.createDecorator<true>();
