import {
  Body,
  Controller,
  Delete,
  Get,
  Headers,
  HttpCode,
  Param,
  Post,
  Query,
  Req,
  Res,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import {
  ApiAcceptedResponse,
  ApiBearerAuth,
  ApiHeader,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { ApiProblems, Caller, linkHeader, linkToNext, type Paged, pageOf, RequireScope, TokenGuard } from '#http';
import { StatusDocument } from '#projections';
import { CancelConversion } from '../application/cancel-conversion.ts';
import { DeleteConversion } from '../application/delete-conversion.ts';
import { GetConversion } from '../application/get-conversion.ts';
import { ListConversions } from '../application/list-conversions.ts';
import { RequestConversion } from '../application/request-conversion.ts';
import { RetryConversion } from '../application/retry-conversion.ts';
import { ConversionRequest, chosenSettings, knownId, ListRequest, readIdempotencyKey } from './conversion-request.ts';
import { RefusalsAsProblems } from './refusals.ts';

const text = { type: 'string' as const };
const etagHeader = { ETag: { description: 'Weak: revision and progress', required: true, schema: text } };
const accepted = {
  description: 'Accepted, and durable',
  standardSchema: StatusDocument,
  headers: { ...etagHeader, Location: { description: 'The conversion', required: true, schema: text } },
};
const idempotencyKey = {
  name: 'Idempotency-Key',
  required: false,
  description: 'The same key and request name the same conversion, for ever',
};

@ApiTags('conversions')
@ApiBearerAuth()
@Controller('v1/conversions')
@UseGuards(TokenGuard)
@UseInterceptors(RefusalsAsProblems)
export class ConversionsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Post()
  @ApiOperation({ summary: 'Starts a conversion of an upload, by a preset or by settings' })
  @HttpCode(202)
  @RequireScope('conversions:write')
  @ApiHeader(idempotencyKey)
  @ApiAcceptedResponse(accepted)
  @ApiProblems('not-found', 'expired', 'idempotency-key-reused', 'invalid-settings', 'not-supported')
  @ApiProblems('quota-exceeded', 'busy', 'storage-full')
  async request(
    @Caller() caller: Caller,
    @Body({ schema: ConversionRequest }) body: ConversionRequest,
    @Headers('idempotency-key') key: string | undefined,
    @Res({ passthrough: true }) response: Response,
  ): Promise<StatusDocument> {
    const { uploadId, priority, metadata = null } = body;
    const order = { userId: caller.userId, uploadId: uploadId.toLowerCase(), priority, metadata };
    const id = await this.commands.execute(
      new RequestConversion({
        ...order,
        settings: chosenSettings(body),
        idempotencyKey: readIdempotencyKey(key),
      }),
    );
    return this.#located(caller, id, response);
  }

  @Get()
  @ApiOperation({
    summary: 'The caller’s conversions, newest first',
    description: 'What was accepted a moment ago may be missing for a moment.',
  })
  @RequireScope('conversions:read')
  @ApiOkResponse({ description: 'A page', standardSchema: pageOf(StatusDocument), headers: linkHeader })
  async list(
    @Caller() { userId }: Caller,
    @Query({ schema: ListRequest }) { status, uploadId, limit, cursor }: ListRequest,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Paged<StatusDocument>> {
    const page = await this.queries.execute(new ListConversions({ userId, status, uploadId, limit, cursor }));
    if (page.next !== null) response.setHeader('Link', linkToNext(request, page.next));
    return page;
  }

  @Get(':id')
  @ApiOperation({ summary: 'One conversion', description: 'As the log says now: what was accepted is there at once.' })
  @RequireScope('conversions:read')
  @ApiOkResponse({ description: 'The status document', standardSchema: StatusDocument, headers: etagHeader })
  async get(
    @Caller() caller: Caller,
    @Param('id') id: string,
    @Res({ passthrough: true }) response: Response,
  ): Promise<StatusDocument> {
    return this.#status(caller, knownId(id), response);
  }

  @Post(':id/cancel')
  @ApiOperation({ summary: 'Stops what has not ended' })
  @HttpCode(200)
  @RequireScope('conversions:write')
  @ApiOkResponse({ description: 'It is cancelled', standardSchema: StatusDocument, headers: etagHeader })
  @ApiProblems('conversion-finished', 'busy', 'storage-full')
  async cancel(
    @Caller() caller: Caller,
    @Param('id') id: string,
    @Res({ passthrough: true }) response: Response,
  ): Promise<StatusDocument> {
    await this.commands.execute(new CancelConversion(caller.userId, knownId(id)));
    return this.#status(caller, knownId(id), response);
  }

  @Post(':id/retry')
  @ApiOperation({ summary: 'The same order once more, as a new conversion whose `retryOf` is this one' })
  @HttpCode(202)
  @RequireScope('conversions:write')
  @ApiHeader(idempotencyKey)
  @ApiAcceptedResponse(accepted)
  @ApiProblems('conversion-not-failed', 'expired', 'idempotency-key-reused')
  @ApiProblems('quota-exceeded', 'busy', 'storage-full')
  async retry(
    @Caller() caller: Caller,
    @Param('id') id: string,
    @Headers('idempotency-key') key: string | undefined,
    @Res({ passthrough: true }) response: Response,
  ): Promise<StatusDocument> {
    const retry = new RetryConversion(caller.userId, knownId(id), readIdempotencyKey(key));
    return this.#located(caller, await this.commands.execute(retry), response);
  }

  @Delete(':id')
  @ApiOperation({
    summary: 'Removes the conversion, its output and all that is private of it; what is going on is cancelled',
  })
  @HttpCode(204)
  @RequireScope('conversions:write')
  @ApiNoContentResponse({ description: 'It is gone; also when it was before' })
  @ApiProblems('busy', 'storage-full')
  async remove(@Caller() { userId }: Caller, @Param('id') id: string): Promise<void> {
    await this.commands.execute(new DeleteConversion(userId, knownId(id)));
  }

  #located(caller: Caller, id: string, response: Response): Promise<StatusDocument> {
    response.location(`/v1/conversions/${id}`);
    return this.#status(caller, id, response);
  }

  async #status({ userId }: Caller, id: string, response: Response): Promise<StatusDocument> {
    const status = await this.queries.execute(new GetConversion(userId, id));
    // Weak: progress is laid over a document whose revision stays the same.
    response.setHeader('ETag', `W/"${status.revision}-${status.progress}"`);
    return status;
  }
}
