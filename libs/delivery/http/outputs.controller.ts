import { Controller, Get, Param, Query, Req, Res, UseGuards } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Blobs } from '#blobs';
import { ApiProblems, Caller, Problem, RequireScope, TokenGuard } from '#http';
import { FindOutput } from '../application/find-output.ts';
import { ApiDownload } from './api-download.ts';
import { sendOutput } from './send-output.ts';

@ApiTags('outputs')
@ApiBearerAuth()
@Controller()
@UseGuards(TokenGuard)
@RequireScope('conversions:read')
export class OutputsController {
  constructor(
    private readonly queries: QueryBus,
    private readonly blobs: Blobs,
  ) {}

  @Get('v1/outputs/:conversionId')
  @ApiOperation({ summary: 'The file', description: 'HEAD comes here as well.' })
  @ApiDownload()
  async get(
    @Caller() caller: Caller,
    @Param('conversionId') conversionId: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.#send(caller, conversionId, request, response);
  }

  @Get('download')
  @ApiOperation({ summary: 'The file, as in the well-known tutorial services' })
  @ApiQuery({ name: 'fid', description: 'As /upload gave it', schema: { type: 'string' } })
  @ApiDownload()
  @ApiProblems('not-found')
  async download(
    @Caller() caller: Caller,
    @Query('fid') fid: unknown,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    if (typeof fid !== 'string' || fid === '') {
      throw new Problem('invalid-request', 'Say which file: /download?fid=<the fid that /upload gave>.', {
        errors: [{ pointer: '/fid', detail: 'missing' }],
      });
    }
    await this.#send(caller, fid, request, response);
  }

  async #send({ userId }: Caller, conversionId: string, request: Request, response: Response): Promise<void> {
    const found = await this.queries.execute(new FindOutput(conversionId.toLowerCase(), { ownedBy: userId }));
    await sendOutput(this.blobs, found, request, response);
  }
}
