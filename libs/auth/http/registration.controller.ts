import { Body, Controller, Ip, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
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
  @ApiOperation({ summary: 'Makes an account' })
  @ApiCreatedResponse({ description: 'The account', standardSchema: Account })
  @ApiProblems('missing-scope', 'email-taken', 'busy', 'dependency-unavailable', 'storage-full')
  async register(@Body({ schema: Registration }) registration: Registration, @Ip() address: string): Promise<Account> {
    if (this.config.registration === 'closed') {
      throw new Problem('missing-scope', 'Registration is closed here: accounts are made by whoever runs the service.');
    }
    await this.limits.beforeRegistration(address);
    return this.accounts.add(registration);
  }
}
