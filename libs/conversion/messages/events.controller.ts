import { Controller } from '@nestjs/common';
import {
  type ConversionEventType,
  conversionEventSchemas,
  IntegrationEvent,
  publicEventTypes,
  topics,
} from '#contracts';
import { type Message, UnreadableMessage } from '#messaging';
import { Handles } from '#messaging/nest';
import { ConversionActors } from '../application/conversion-actors.ts';
import { StartOnUpload } from '../application/start-on-upload.ts';

const group = 'conversion';
const ownEvents = (Object.keys(conversionEventSchemas) as ConversionEventType[]).map((type) => publicEventTypes[type]);

/** What was recorded: a conversion's own events wake its actor, a complete upload may begin a conversion. */
@Controller()
export class EventsController {
  constructor(
    private readonly actors: ConversionActors,
    private readonly startOnUpload: StartOnUpload,
  ) {}

  @Handles({ group, topic: topics.events, type: ownEvents })
  async wake(message: Message): Promise<void> {
    const { subject, revision } = read(message);
    await this.actors.wake(subject, BigInt(revision));
  }

  @Handles({ group, topic: topics.events, type: publicEventTypes.UploadCompleted })
  async uploadCompleted(message: Message): Promise<void> {
    const { subject, data } = read(message);
    await this.startOnUpload.handle(subject, data, message.id);
  }
}

function read(message: Message): IntegrationEvent {
  const event = IntegrationEvent.safeParse(message.value);
  if (!event.success) throw new UnreadableMessage(`not an event: ${event.error.message}`);
  return event.data;
}
