import { Module } from '@nestjs/common';
import { Accounts } from './application/accounts.ts';
import { LogIn } from './application/log-in.ts';
import { LoginLimits } from './application/login-limits.ts';
import { Passwords } from './application/passwords.ts';
import { AuthController } from './http/auth.controller.ts';

/** Users, and the tokens that they log in for. */
@Module({
  controllers: [AuthController],
  providers: [Accounts, LogIn, LoginLimits, Passwords],
  exports: [Accounts],
})
export class AuthModule {}
