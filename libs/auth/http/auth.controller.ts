import { Body, Controller, Get, Headers, HttpCode, Ip, Post, Res, UseGuards } from '@nestjs/common';
import {
  ApiBasicAuth,
  ApiBearerAuth,
  ApiBody,
  ApiCreatedResponse,
  ApiOkResponse,
  ApiProduces,
  ApiTags,
} from '@nestjs/swagger';
import type { Response } from 'express';
import { Config } from '#config';
import { Caller, Problem, problemFromIssues, TokenGuard } from '#http';
import { Account, Accounts } from '../application/accounts.ts';
import { Login, Registration, readBasic } from '../application/credentials.ts';
import { invalidCredentials, LogIn, Session } from '../application/log-in.ts';
import { LoginLimits } from '../application/login-limits.ts';

const loginSchema = {
  type: 'object' as const,
  properties: { email: { type: 'string' as const }, password: { type: 'string' as const } },
  required: ['email', 'password'],
};

@ApiTags('accounts')
@Controller()
export class AuthController {
  constructor(
    private readonly accounts: Accounts,
    private readonly logIn: LogIn,
    private readonly limits: LoginLimits,
    private readonly config: Config,
  ) {}

  @Post('v1/auth/register')
  @ApiCreatedResponse({ description: 'The account', standardSchema: Account })
  async register(@Body({ schema: Registration }) registration: Registration, @Ip() address: string): Promise<Account> {
    if (this.config.registration === 'closed') {
      throw new Problem('missing-scope', 'Registration is closed here: accounts are made by whoever runs the service.');
    }
    await this.limits.beforeRegistration(address);
    return this.accounts.add(registration);
  }

  /** By HTTP Basic, or with `{email, password}`. */
  @Post('v1/auth/login')
  @HttpCode(200)
  @ApiBasicAuth()
  @ApiBody({ schema: loginSchema, required: false, description: 'Not needed with HTTP Basic' })
  @ApiOkResponse({ description: 'A token', standardSchema: Session })
  async login(
    @Headers('authorization') authorization: string | undefined,
    @Body() body: unknown,
    @Ip() address: string,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Session> {
    response.setHeader('Cache-Control', 'no-store');
    const basic = readBasic(authorization);
    return basic === null
      ? this.logIn.execute(readBody(body), 'body', address)
      : this.logIn.execute(basic, 'Basic', address);
  }

  /** As in the well-known tutorial services: HTTP Basic in, the token alone out. */
  @Post('login')
  @HttpCode(200)
  @ApiBasicAuth()
  @ApiProduces('text/plain')
  @ApiOkResponse({ description: 'The token alone', schema: { type: 'string' } })
  async tutorialLogin(
    @Headers('authorization') authorization: string | undefined,
    @Ip() address: string,
    @Res() response: Response,
  ): Promise<void> {
    const login = readBasic(authorization);
    if (login === null) {
      throw invalidCredentials('Basic', 'Send user and password by HTTP Basic: curl -u EMAIL:PASSWORD.');
    }
    const { accessToken } = await this.logIn.execute(login, 'Basic', address);
    response.setHeader('Cache-Control', 'no-store');
    response.type('text/plain').send(accessToken);
  }

  @Get('v1/me')
  @UseGuards(TokenGuard)
  @ApiBearerAuth()
  @ApiOkResponse({ description: 'The account of the token', standardSchema: Account })
  me(@Caller() caller: Caller): Promise<Account> {
    return this.accounts.get(caller.userId);
  }
}

function readBody(body: unknown): Login {
  const login = Login.safeParse(body ?? {});
  if (!login.success) throw problemFromIssues('invalid-request', login.error.issues);
  return login.data;
}
