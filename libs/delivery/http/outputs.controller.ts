import { Controller, Get, Param, Query, Req, Res, UseGuards } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Blobs } from '#blobs';
import { Caller, Problem, TokenGuard } from '#http';
import { FindOutput, type FoundOutput } from '../application/find-output.ts';
import { sendOutput } from './send-output.ts';

@ApiTags('outputs')
@ApiBearerAuth()
@Controller()
@UseGuards(TokenGuard)
export class OutputsController {
  constructor(
    private readonly queries: QueryBus,
    private readonly blobs: Blobs,
  ) {}

  /** HEAD comes here as well. */
  @Get('v1/outputs/:conversionId')
  async get(
    @Caller() caller: Caller,
    @Param('conversionId') conversionId: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.#send(caller, conversionId, request, response);
  }

  /** As in the well-known tutorial services. */
  @Get('download')
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

  async #send(caller: Caller, conversionId: string, request: Request, response: Response): Promise<void> {
    const found: FoundOutput = await this.queries.execute(new FindOutput(caller.userId, conversionId));
    await sendOutput(this.blobs, found, request, response);
  }
}
