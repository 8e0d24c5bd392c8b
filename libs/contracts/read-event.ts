import type { z } from 'zod';
import { type AccountEvent, accountEventSchemas } from './account/events.ts';
import { type ConversionEvent, conversionEventSchemas } from './conversion/events.ts';
import { UnknownEventType } from './integration-event.ts';
import { type UploadEvent, uploadEventSchemas } from './upload/events.ts';

interface RecordedLike {
  readonly stream: string;
  readonly revision: bigint;
  readonly type: string;
  readonly data: unknown;
  readonly metadata: { readonly at: string };
}

function reader<Event extends { readonly type: string }>(schemas: Readonly<Record<Event['type'], z.ZodType>>) {
  return (recorded: RecordedLike): Event => {
    const schema = (schemas as Readonly<Record<string, z.ZodType>>)[recorded.type];
    if (schema === undefined) throw new UnknownEventType(recorded.type, recorded.stream, recorded.revision);
    // The type's own schema has just checked the data, which the compiler cannot follow.
    return {
      type: recorded.type,
      at: recorded.metadata.at,
      data: schema.parse(recorded.data),
    } as unknown as Event;
  };
}

/**
 * A recorded event of a conversion's stream, checked against its schema; upcasters of older schemas belong here.
 * @throws UnknownEventType for a type that only a newer version of this program knows
 */
export const readConversionEvent = reader<ConversionEvent>(conversionEventSchemas);

/** The same for an upload's stream. */
export const readUploadEvent = reader<UploadEvent>(uploadEventSchemas);

/** The same for an account's stream. */
export const readAccountEvent = reader<AccountEvent>(accountEventSchemas);
