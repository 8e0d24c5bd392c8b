import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Req, Res, UseGuards } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { z } from 'zod';
import {
  ApiProblems,
  Caller,
  linkHeader,
  linkToNext,
  type Paged,
  pageOf,
  paging,
  RequireSession,
  TokenGuard,
} from '#http';
import { ApiKeyDocument, ApiKeys, MadeApiKey, NewApiKey } from '../application/api-keys.ts';

const ListRequest = z.strictObject(paging);
type ListRequest = z.infer<typeof ListRequest>;

@ApiTags('accounts')
@ApiBearerAuth()
@Controller('v1/api-keys')
@UseGuards(TokenGuard)
@RequireSession(true)
export class ApiKeysController {
  constructor(private readonly keys: ApiKeys) {}

  @Post()
  @ApiOperation({ summary: 'Makes an API key', description: 'The answer has the key, which is shown nowhere else.' })
  @ApiCreatedResponse({ description: 'The key', standardSchema: MadeApiKey })
  @ApiProblems('quota-exceeded', 'storage-full')
  make(
    @Caller() caller: Caller,
    @Body({ schema: NewApiKey }) wanted: NewApiKey,
    @Res({ passthrough: true }) response: Response,
  ): Promise<MadeApiKey> {
    response.setHeader('Cache-Control', 'no-store');
    return this.keys.make(caller, wanted);
  }

  @Get()
  @ApiOperation({ summary: 'The caller’s API keys, newest first', description: 'Also those that have expired.' })
  @ApiOkResponse({
    description: 'A page, without secrets',
    standardSchema: pageOf(ApiKeyDocument),
    headers: linkHeader,
  })
  async list(
    @Caller() { userId }: Caller,
    @Query({ schema: ListRequest }) { limit, cursor }: ListRequest,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Paged<ApiKeyDocument>> {
    const page = await this.keys.list(userId, limit, cursor);
    if (page.next !== null) response.setHeader('Link', linkToNext(request, page.next));
    return page;
  }

  @Delete(':id')
  @ApiOperation({ summary: 'Deletes an API key' })
  @HttpCode(204)
  @ApiNoContentResponse({ description: 'The key is refused from now on, everywhere within seconds' })
  @ApiProblems('storage-full')
  async delete(@Caller() { userId }: Caller, @Param('id') id: string): Promise<void> {
    await this.keys.delete(userId, id);
  }
}
