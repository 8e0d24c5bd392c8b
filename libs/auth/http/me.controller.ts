import { Body, Controller, Delete, Get, HttpCode, Ip, Post, UseGuards } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBearerAuth,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { Clock } from '#clock';
import { ApiProblems, Caller, RequireSession, TokenGuard } from '#http';
import { Account, Accounts } from '../application/accounts.ts';
import { Confirmation, PasswordChange } from '../application/credentials.ts';
import { EraseAccount } from '../application/erase-account.ts';
import { OwnPassword } from '../application/own-password.ts';

@ApiTags('accounts')
@ApiBearerAuth()
@Controller('v1/me')
@UseGuards(TokenGuard)
export class MeController {
  constructor(
    private readonly accounts: Accounts,
    private readonly password: OwnPassword,
    private readonly erasing: EraseAccount,
    private readonly clock: Clock,
  ) {}

  @Get()
  @ApiOperation({ summary: 'The account of the credential' })
  @ApiOkResponse({ description: 'The account of the credential', standardSchema: Account })
  me(@Caller() { userId }: Caller): Promise<Account> {
    return this.accounts.get(userId);
  }

  @Post('password')
  @ApiOperation({
    summary: 'Another password',
    description: 'Ends all sessions but this one. API keys stay.',
  })
  @HttpCode(204)
  @RequireSession(true)
  @ApiNoContentResponse({ description: 'The new password counts' })
  @ApiProblems('wrong-password', 'busy', 'storage-full')
  async changePassword(
    @Caller() { userId, credential }: Caller,
    @Body({ schema: PasswordChange }) { currentPassword, newPassword }: PasswordChange,
    @Ip() address: string,
  ): Promise<void> {
    const session = credential.kind === 'access-token' ? credential.sessionId : null;
    await this.password.change({ userId, address }, session, currentPassword, newPassword);
  }

  @Delete()
  @ApiOperation({
    summary: 'Erases the account, with all that belongs to it',
    description:
      'The account, its sessions and keys are gone with the answer; uploads, conversions and outputs follow.',
  })
  @HttpCode(202)
  @RequireSession(true)
  @ApiAcceptedResponse({ description: 'The account is erased, and what belongs to it is being erased' })
  @ApiProblems('wrong-password', 'busy', 'storage-full')
  async erase(
    @Caller() { userId }: Caller,
    @Body({ schema: Confirmation }) { password }: Confirmation,
    @Ip() address: string,
  ): Promise<void> {
    await this.password.confirm({ userId, address }, password);
    await this.erasing.execute(userId, this.clock.now());
  }
}
