import { z } from 'zod';
import { type AccountEventType, accountEventSchemas } from './account/events.ts';
import { type ConversionEventType, conversionEventSchemas } from './conversion/events.ts';
import { Id } from './ids.ts';
import { topics } from './topics.ts';
import { type UploadEventType, uploadEventSchemas } from './upload/events.ts';

type DomainEventType = AccountEventType | ConversionEventType | UploadEventType;

/** The public name of each domain event, as CloudEvents consumers see it. */
export const publicEventTypes = {
  AccountErased: 'mixdown.account.erased.v1',
  UploadCompleted: 'mixdown.upload.completed.v1',
  UploadDeleted: 'mixdown.upload.deleted.v1',
  ConversionRequested: 'mixdown.conversion.requested.v1',
  ConversionStarted: 'mixdown.conversion.started.v1',
  SourceInspected: 'mixdown.conversion.source-inspected.v1',
  SegmentEncoded: 'mixdown.conversion.segment-encoded.v1',
  TaskFailed: 'mixdown.conversion.task-failed.v1',
  ConversionCompleted: 'mixdown.conversion.completed.v1',
  ConversionFailed: 'mixdown.conversion.failed.v1',
  ConversionCancelled: 'mixdown.conversion.cancelled.v1',
  ConversionDeleted: 'mixdown.conversion.deleted.v1',
} as const satisfies Record<DomainEventType, string>;

export const eventSchemas = { ...accountEventSchemas, ...uploadEventSchemas, ...conversionEventSchemas };

export type PublicEventType = (typeof publicEventTypes)[DomainEventType];

/** What is kept beside each event's data. */
export const EventMetadata = z.object({
  commandId: z.string(),
  /** The message or request that led to the command. */
  causationId: z.string().optional(),
  /** When it was decided; RFC 3339, UTC. */
  at: z.iso.datetime(),
  /** Version of the data's schema. */
  schema: z.int().min(1),
  /** W3C trace context: the trace goes on from here, also after a restart. */
  traceparent: z.string().optional(),
});
export type EventMetadata = z.infer<typeof EventMetadata>;

/** A recorded event as the relay publishes it on `mixdown.events`. */
export const IntegrationEvent = z.object({
  stream: z.string(),
  /** The conversion, upload or account that it is about. */
  subject: Id,
  revision: z.string().regex(/^\d+$/),
  time: z.iso.datetime(),
  data: z.record(z.string(), z.json()),
});
export type IntegrationEvent = z.infer<typeof IntegrationEvent>;

interface RecordedLike {
  readonly stream: string;
  readonly revision: bigint;
  readonly id: string;
  readonly type: string;
  readonly data: unknown;
  readonly metadata: unknown;
}

/** Null for a type that is not public (none today); an event type of a newer version throws, so nothing is skipped. */
export function toIntegrationMessage(recorded: RecordedLike) {
  const type = (publicEventTypes as Readonly<Record<string, PublicEventType>>)[recorded.type];
  if (type === undefined) throw new UnknownEventType(recorded.type, recorded.stream, recorded.revision);
  const metadata = EventMetadata.parse(recorded.metadata);
  return {
    topic: topics.events,
    key: recorded.stream,
    id: recorded.id,
    type,
    value: IntegrationEvent.parse({
      stream: recorded.stream,
      subject: recorded.stream.slice(recorded.stream.indexOf('-') + 1),
      revision: recorded.revision.toString(),
      time: metadata.at,
      data: recorded.data,
    }),
    headers: metadata.traceparent === undefined ? {} : { traceparent: metadata.traceparent },
  };
}

/** An old version beside a newer one stops at what it does not know, and goes on when it is replaced. */
export class UnknownEventType extends Error {
  readonly code = 'unknown-event-type';
  constructor(type: string, stream: string, revision: bigint) {
    super(`event ${revision} of ${stream} is of type ${type}, which this version does not know`);
    this.name = 'UnknownEventType';
  }
}
