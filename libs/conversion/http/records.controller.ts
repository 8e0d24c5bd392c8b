import { Controller, Get, Headers, Param, Req, Res, UseGuards } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiHeader, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { conversionStream } from '#contracts';
import { EventStore } from '#event-store';
import { ApiProblems, Caller, Problem, RequireScope, TokenGuard } from '#http';
import { History, type HistoryEntry, toHistoryEntry } from '#projections';
import { GetProof } from '../application/get-proof.ts';
import { OwnedConversions } from '../application/owned-conversions.ts';
import { Proof } from '../application/proof.ts';
import { knownId } from './conversion-request.ts';
import { EventStreams } from './event-stream.ts';

/** What the log has of a conversion: its history, and the proof that nothing is missing. */
@ApiTags('conversions')
@ApiBearerAuth()
@Controller('v1/conversions/:id')
@UseGuards(TokenGuard)
@RequireScope('conversions:read')
export class RecordsController {
  constructor(
    private readonly queries: QueryBus,
    private readonly owned: OwnedConversions,
    private readonly events: EventStore,
    private readonly streams: EventStreams,
  ) {}

  @Get('events')
  @ApiOperation({
    summary: 'As JSON what has happened; as `text/event-stream` also what happens, until the conversion has ended',
    description:
      'An event stream goes on live: `id` is the revision, `event` the type, `data` one entry of `events` in JSON. It ends with the conversion. A client that comes back with `Last-Event-ID` misses nothing and gets nothing twice. See docs/api.md, “Live”.',
  })
  @ApiHeader({ name: 'Last-Event-ID', required: false, description: 'The last revision seen, for an event stream' })
  @ApiOkResponse({
    description: 'The history; as an event stream, each `data` is one of its entries',
    content: {
      'application/json': { schema: z.toJSONSchema(History) as object },
      'text/event-stream': { schema: { type: 'string' } },
    },
  })
  @ApiNoContentResponse({ description: 'Of an event stream: nothing will follow' })
  async history(
    @Caller() caller: Caller,
    @Param('id') id: string,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const view = await this.owned.view(caller.userId, knownId(id));
    if (request.accepts('application/json', 'text/event-stream') === 'text/event-stream') {
      await this.streams.send(view.id, revisionOf(lastEventId), response);
      return;
    }
    const events: HistoryEntry[] = [];
    for await (const recorded of this.events.read(conversionStream(view.id))) events.push(toHistoryEntry(recorded));
    response.json({ events });
  }

  @Get('proof')
  @ApiOperation({ summary: 'Of a completed conversion: what went in, what came out, and the sums that must agree' })
  @ApiOkResponse({ description: 'The proof', standardSchema: Proof })
  @ApiProblems('not-ready')
  proof(@Caller() { userId }: Caller, @Param('id') id: string): Promise<Proof> {
    return this.queries.execute(new GetProof(userId, knownId(id)));
  }
}

function revisionOf(lastEventId: string | undefined): bigint {
  if (lastEventId === undefined || lastEventId === '') return -1n;
  if (/^\d{1,15}$/.test(lastEventId)) return BigInt(lastEventId);
  throw new Problem('invalid-request', 'Last-Event-ID is the revision of an event.', {
    errors: [{ pointer: '/Last-Event-ID', detail: 'not a revision' }],
  });
}
