import { Module } from '@nestjs/common';
import { AccountSweep } from './application/account-sweep.ts';
import { Accounts } from './application/accounts.ts';
import { Admins } from './application/admins.ts';
import { ApiKeys } from './application/api-keys.ts';
import { EraseAccount } from './application/erase-account.ts';
import { LogIn } from './application/log-in.ts';
import { LoginLimits } from './application/login-limits.ts';
import { OwnPassword } from './application/own-password.ts';
import { Passwords } from './application/passwords.ts';
import { RefreshSession } from './application/refresh-session.ts';
import { RefreshTokens } from './application/refresh-tokens.ts';
import { Sessions } from './application/sessions.ts';
import { Standings } from './application/standings.ts';
import { Tokens } from './application/tokens.ts';
import { UserDirectory } from './application/user-directory.ts';
import { ApiKeysController } from './http/api-keys.controller.ts';
import { MeController } from './http/me.controller.ts';
import { RegistrationController } from './http/registration.controller.ts';
import { SessionsController } from './http/sessions.controller.ts';
import { UsersController } from './http/users.controller.ts';

/** Users, and the credentials that they get: sessions with their tokens, and API keys. */
@Module({
  controllers: [RegistrationController, SessionsController, MeController, ApiKeysController, UsersController],
  providers: [
    AccountSweep,
    Accounts,
    Admins,
    ApiKeys,
    EraseAccount,
    LogIn,
    LoginLimits,
    OwnPassword,
    Passwords,
    RefreshSession,
    RefreshTokens,
    Sessions,
    Standings,
    Tokens,
    UserDirectory,
  ],
  exports: [Accounts],
})
export class AuthModule {}
