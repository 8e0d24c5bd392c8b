import { Body, Controller, Ip, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiTags } from '@nestjs/swagger';
import { Config } from '#config';
import { ApiProblems, Problem } from '#http';
import { Account, Accounts } from '../application/accounts.ts';
import { Registration } from '../application/credentials.ts';
import { LoginLimits } from '../application/login-limits.ts';

@ApiTags('accounts')
@Controller('v1/auth/register')
export class RegistrationController {
  constructor(
    private readonly accounts: Accounts,
    private readonly limits: LoginLimits,
    private readonly config: Config,
  ) {}

  @Post()
  @ApiCreatedResponse({ description: 'The account', standardSchema: Account })
  @ApiProblems('invalid-request', 'missing-scope', 'email-taken', 'rate-limited', 'busy')
  async register(@Body({ schema: Registration }) registration: Registration, @Ip() address: string): Promise<Account> {
    if (this.config.registration === 'closed') {
      throw new Problem('missing-scope', 'Registration is closed here: accounts are made by whoever runs the service.');
    }
    await this.limits.beforeRegistration(address);
    return this.accounts.add(registration);
  }
}
