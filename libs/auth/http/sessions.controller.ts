import { Body, Controller, Headers, HttpCode, Ip, Post, Res } from '@nestjs/common';
import { ApiBasicAuth, ApiBody, ApiNoContentResponse, ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { ApiProblems, problemFromIssues } from '#http';
import { Login, RefreshRequest, readBasic } from '../application/credentials.ts';
import { invalidCredentials, LogIn } from '../application/log-in.ts';
import { RefreshSession } from '../application/refresh-session.ts';
import { Sessions } from '../application/sessions.ts';
import { TokenPair } from '../application/tokens.ts';

const loginSchema = {
  type: 'object' as const,
  properties: { email: { type: 'string' as const }, password: { type: 'string' as const } },
  required: ['email', 'password'],
};

@ApiTags('accounts')
@Controller()
export class SessionsController {
  constructor(
    private readonly logIn: LogIn,
    private readonly refreshing: RefreshSession,
    private readonly sessions: Sessions,
  ) {}

  /** By HTTP Basic, or with `{email, password}`. */
  @Post('v1/auth/login')
  @HttpCode(200)
  @ApiBasicAuth()
  @ApiBody({ schema: loginSchema, required: false, description: 'Not needed with HTTP Basic' })
  @ApiOkResponse({ description: 'Tokens of a new session', standardSchema: TokenPair })
  @ApiProblems('invalid-request', 'invalid-credentials', 'rate-limited', 'busy')
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

  /** New tokens for the newest refresh token of a session. An older one ends the session. */
  @Post('v1/auth/refresh')
  @HttpCode(200)
  @ApiOkResponse({ description: 'New tokens of the session', standardSchema: TokenPair })
  @ApiProblems('invalid-request', 'refresh-token-refused', 'rate-limited')
  refresh(
    @Body({ schema: RefreshRequest }) { refreshToken }: RefreshRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<TokenPair> {
    keepNowhere(response);
    return this.refreshing.execute(refreshToken);
  }

  /** Ends the session of this refresh token, with its access tokens; nothing happens if it has ended. */
  @Post('v1/auth/logout')
  @HttpCode(204)
  @ApiNoContentResponse({ description: 'There is no such session any more' })
  @ApiProblems('invalid-request', 'rate-limited')
  async logout(@Body({ schema: RefreshRequest }) { refreshToken }: RefreshRequest): Promise<void> {
    await this.sessions.end(refreshToken);
  }

  /** As in the well-known tutorial services: HTTP Basic in, the token alone out. */
  @Post('login')
  @HttpCode(200)
  @ApiBasicAuth()
  @ApiProduces('text/plain')
  @ApiOkResponse({ description: 'The token alone', schema: { type: 'string' } })
  @ApiProblems('invalid-credentials', 'rate-limited', 'busy')
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
