import { Body, Controller, Delete, Get, HttpCode, Param, Post, Res, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { z } from 'zod';
import { ApiProblems, Caller, RequireSession, TokenGuard } from '#http';
import { ApiKeyDocument, ApiKeys, MadeApiKey, NewApiKey } from '../application/api-keys.ts';

const ApiKeyList = z.object({ apiKeys: z.array(ApiKeyDocument) });

@ApiTags('accounts')
@ApiBearerAuth()
@ApiProblems('unauthenticated', 'token-expired', 'missing-scope', 'rate-limited')
@Controller('v1/api-keys')
@UseGuards(TokenGuard)
@RequireSession(true)
export class ApiKeysController {
  constructor(private readonly keys: ApiKeys) {}

  /** The answer has the key, which is shown nowhere else. */
  @Post()
  @ApiCreatedResponse({ description: 'The key', standardSchema: MadeApiKey })
  @ApiProblems('invalid-request', 'missing-scope', 'quota-exceeded')
  make(
    @Caller() caller: Caller,
    @Body({ schema: NewApiKey }) wanted: NewApiKey,
    @Res({ passthrough: true }) response: Response,
  ): Promise<MadeApiKey> {
    response.setHeader('Cache-Control', 'no-store');
    return this.keys.make(caller, wanted);
  }

  /** Newest first; also those that have expired. */
  @Get()
  @ApiOkResponse({ description: 'The keys, without their secrets', standardSchema: ApiKeyList })
  async list(@Caller() { userId }: Caller): Promise<{ apiKeys: readonly ApiKeyDocument[] }> {
    return { apiKeys: await this.keys.list(userId) };
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiNoContentResponse({ description: 'The key is refused from now on, everywhere within seconds' })
  @ApiProblems('not-found')
  async delete(@Caller() { userId }: Caller, @Param('id') id: string): Promise<void> {
    await this.keys.delete(userId, id);
  }
}
