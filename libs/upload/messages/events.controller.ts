import { Controller } from '@nestjs/common';
import { IntegrationEvent, publicEventTypes, topics } from '#contracts';
import { type Message, UnreadableMessage } from '#messaging';
import { Handles } from '#messaging/nest';
import { ClearAway } from '../application/clear-away.ts';

/** What was recorded: the bytes of a deleted upload go. */
@Controller()
export class EventsController {
  constructor(private readonly clear: ClearAway) {}

  @Handles({ group: 'upload', topic: topics.events, type: publicEventTypes.UploadDeleted })
  async uploadDeleted(message: Message): Promise<void> {
    const event = IntegrationEvent.safeParse(message.value);
    if (!event.success) throw new UnreadableMessage(`not an event: ${event.error.message}`);
    await this.clear.upload(event.data.subject);
  }
}
