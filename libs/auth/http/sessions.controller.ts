import { Body, Controller, Headers, HttpCode, Ip, Post, Res } from '@nestjs/common';
import {
  ApiBasicAuth,
  ApiBody,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiProduces,
  ApiSecurity,
  ApiTags,
} from '@nestjs/swagger';
import type { Response } from 'express';
import { z } from 'zod';
import { ApiProblems, problemFromIssues } from '#http';
import { Login, RefreshRequest, readBasic } from '../application/credentials.ts';
import { invalidCredentials, LogIn } from '../application/log-in.ts';
import { RefreshSession } from '../application/refresh-session.ts';
import { Sessions } from '../application/sessions.ts';
import { TokenPair } from '../application/tokens.ts';

const { $schema: _, ...loginSchema } = z.toJSONSchema(Login);

const notStored = {
  'Cache-Control': { description: '`no-store`', required: true, schema: { type: 'string' as const } },
};

@ApiTags('accounts')
@Controller()
export class SessionsController {
  constructor(
    private readonly logIn: LogIn,
    private readonly refreshing: RefreshSession,
    private readonly sessions: Sessions,
  ) {}

  @Post('v1/auth/login')
  @ApiOperation({ summary: 'Logs in, by HTTP Basic or with `{email, password}`' })
  @HttpCode(200)
  @ApiBasicAuth()
  // Or nothing: the body says who it is.
  @ApiSecurity({})
  @ApiBody({ schema: loginSchema as object, required: false, description: 'Not needed with HTTP Basic' })
  @ApiOkResponse({ description: 'Tokens of a new session', standardSchema: TokenPair, headers: notStored })
  @ApiProblems('invalid-credentials', 'busy', 'dependency-unavailable', 'storage-full')
  async login(
    @Headers('authorization') authorization: string | undefined,
    @Body() body: unknown,
    @Ip() address: string,
    @Res({ passthrough: true }) response: Response,
  ): Promise<TokenPair> {
    keepNowhere(response);
    const basic = readBasic(authorization);
    return basic === null
      ? this.logIn.execute(readBody(body), 'body', address)
      : this.logIn.execute(basic, 'Basic', address);
  }

  @Post('v1/auth/refresh')
  @ApiOperation({
    summary: 'New tokens for the newest refresh token of a session',
    description: 'An older one ends the session.',
  })
  @HttpCode(200)
  @ApiOkResponse({ description: 'New tokens of the session', standardSchema: TokenPair, headers: notStored })
  @ApiProblems('refresh-token-refused', 'dependency-unavailable', 'storage-full')
  refresh(
    @Body({ schema: RefreshRequest }) { refreshToken }: RefreshRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<TokenPair> {
    keepNowhere(response);
    return this.refreshing.execute(refreshToken);
  }

  @Post('v1/auth/logout')
  @ApiOperation({
    summary: 'Ends the session of a refresh token, with its access tokens',
    description: 'Nothing happens if it has ended.',
  })
  @HttpCode(204)
  @ApiNoContentResponse({ description: 'There is no such session any more' })
  @ApiProblems('dependency-unavailable', 'storage-full')
  async logout(@Body({ schema: RefreshRequest }) { refreshToken }: RefreshRequest): Promise<void> {
    await this.sessions.end(refreshToken);
  }

  @Post('login')
  @ApiOperation({ summary: 'HTTP Basic in, the token alone out, as in the well-known tutorial services' })
  @HttpCode(200)
  @ApiBasicAuth()
  @ApiProduces('text/plain')
  @ApiOkResponse({ description: 'The token alone', schema: { type: 'string' }, headers: notStored })
  @ApiProblems('invalid-credentials', 'busy', 'dependency-unavailable', 'storage-full')
  async tutorialLogin(
    @Headers('authorization') authorization: string | undefined,
    @Ip() address: string,
    @Res() response: Response,
  ): Promise<void> {
    const login = readBasic(authorization);
    if (login === null) {
      throw invalidCredentials('Basic', 'Send user and password by HTTP Basic: curl -u EMAIL:PASSWORD.');
    }
    const { accessToken } = await this.logIn.execute(login, 'Basic', address, { isRefreshable: false });
    keepNowhere(response);
    response.type('text/plain').send(accessToken);
  }
}

/** RFC 6749, 5.1: what has tokens in it is not to be stored on its way. */
function keepNowhere(response: Response): void {
  response.setHeader('Cache-Control', 'no-store');
}

function readBody(body: unknown): Login {
  const login = Login.safeParse(body ?? {});
  if (!login.success) throw problemFromIssues('invalid-request', login.error.issues);
  return login.data;
}
