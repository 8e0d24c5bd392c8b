import {
  Body,
  Controller,
  Get,
  Headers,
  HttpCode,
  Param,
  Post,
  Req,
  Res,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiHeader, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { conversionStream, Id, PresetName, Priority, resolveSettings, Settings, unsupportedSettings } from '#contracts';
import { EventStore } from '#event-store';
import { Caller, Problem, problemFromIssues, TokenGuard } from '#http';
import { type HistoryEntry, type StatusDocument, toHistoryEntry } from '#projections';
import { CancelConversion } from '../application/cancel-conversion.ts';
import { GetConversion } from '../application/get-conversion.ts';
import { OwnedConversions } from '../application/owned-conversions.ts';
import { RequestConversion } from '../application/request-conversion.ts';
import { EventStreams } from './event-stream.ts';
import { RefusalsAsProblems } from './refusals.ts';

const ConversionRequest = z.strictObject({
  uploadId: Id,
  preset: PresetName.optional(),
  settings: z.unknown().optional(),
  priority: Priority.default('normal'),
  metadata: z
    .record(z.string().min(1).max(64), z.string().max(512))
    .refine((metadata) => Object.keys(metadata).length <= 16, 'at most 16 entries')
    .optional(),
  webhookUrl: z.unknown().optional(),
});
type ConversionRequest = z.infer<typeof ConversionRequest>;

const IdempotencyKey = z
  .string()
  .regex(/^[\x21-\x7e]{1,255}$/, '1 to 255 visible ASCII characters')
  .optional();

@ApiTags('conversions')
@ApiBearerAuth()
@Controller('v1/conversions')
@UseGuards(TokenGuard)
@UseInterceptors(RefusalsAsProblems)
export class ConversionsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly owned: OwnedConversions,
    private readonly events: EventStore,
    private readonly streams: EventStreams,
  ) {}

  @Post()
  @HttpCode(202)
  @ApiHeader({ name: 'Idempotency-Key', required: false })
  async request(
    @Caller() caller: Caller,
    @Body({ schema: ConversionRequest }) body: ConversionRequest,
    @Headers('idempotency-key') key: string | undefined,
    @Res({ passthrough: true }) response: Response,
  ): Promise<StatusDocument> {
    const idempotencyKey = IdempotencyKey.safeParse(key);
    if (!idempotencyKey.success)
      throw problemFromIssues('invalid-request', idempotencyKey.error.issues, ['Idempotency-Key']);
    const conversionId: string = await this.commands.execute(
      new RequestConversion({
        userId: caller.userId,
        uploadId: body.uploadId,
        settings: chosenSettings(body),
        priority: body.priority,
        metadata: body.metadata ?? null,
        idempotencyKey: idempotencyKey.data ?? null,
      }),
    );
    response.location(`/v1/conversions/${conversionId}`);
    return this.#status(caller, conversionId, response);
  }

  @Get(':id')
  async get(
    @Caller() caller: Caller,
    @Param('id') id: string,
    @Res({ passthrough: true }) response: Response,
  ): Promise<StatusDocument> {
    return this.#status(caller, knownId(id), response);
  }

  @Post(':id/cancel')
  @HttpCode(200)
  async cancel(
    @Caller() caller: Caller,
    @Param('id') id: string,
    @Res({ passthrough: true }) response: Response,
  ): Promise<StatusDocument> {
    await this.commands.execute(new CancelConversion(caller.userId, knownId(id)));
    return this.#status(caller, id, response);
  }

  @Get(':id/events')
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

  async #status(caller: Caller, id: string, response: Response): Promise<StatusDocument> {
    const status: StatusDocument = await this.queries.execute(new GetConversion(caller.userId, id));
    // Weak: progress is laid over a document whose revision stays the same.
    response.setHeader('ETag', `W/"${status.revision}-${status.progress}"`);
    return status;
  }
}

function chosenSettings({ preset, settings, webhookUrl }: ConversionRequest): Settings {
  if (webhookUrl !== undefined) throw notSupported(['/webhookUrl']);
  if (preset !== undefined && settings !== undefined) {
    throw new Problem('invalid-settings', 'Give a preset or settings, not both.', {
      errors: [{ pointer: '/settings', detail: 'there is a preset, too' }],
    });
  }
  if (settings === undefined) return resolveSettings(preset);
  const parsed = Settings.safeParse(settings);
  if (!parsed.success) throw problemFromIssues('invalid-settings', parsed.error.issues, ['settings']);
  const unsupported = unsupportedSettings(parsed.data);
  if (unsupported.length > 0) throw notSupported(unsupported.map((name) => `/settings/${name}`));
  return parsed.data;
}

function notSupported(pointers: readonly string[]): Problem {
  return new Problem('not-supported', undefined, {
    errors: pointers.map((pointer) => ({ pointer, detail: 'this version cannot do it' })),
  });
}

/** An id that is no id belongs to nothing: the same answer as for an unknown one. */
function knownId(id: string): string {
  if (!Id.safeParse(id).success) throw new Problem('not-found', 'There is no conversion with this id.');
  return id.toLowerCase();
}

function revisionOf(lastEventId: string | undefined): bigint {
  if (lastEventId === undefined || lastEventId === '') return -1n;
  if (/^\d{1,15}$/.test(lastEventId)) return BigInt(lastEventId);
  throw new Problem('invalid-request', 'Last-Event-ID is the revision of an event.', {
    errors: [{ pointer: '/Last-Event-ID', detail: 'not a revision' }],
  });
}
