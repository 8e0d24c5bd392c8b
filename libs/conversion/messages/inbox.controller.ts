import { Controller } from '@nestjs/common';
import { TaskReportMessage, taskReportMessage, topics } from '#contracts';
import { type Message, UnreadableMessage } from '#messaging';
import { Handles } from '#messaging/nest';
import { ConversionActors } from '../application/conversion-actors.ts';

/** What encoders report. */
@Controller()
export class InboxController {
  constructor(private readonly actors: ConversionActors) {}

  @Handles({ group: 'conversion', topic: topics.conversionInbox, type: taskReportMessage })
  async report(message: Message): Promise<void> {
    const report = TaskReportMessage.safeParse(message.value);
    if (!report.success) throw new UnreadableMessage(`not a task report: ${report.error.message}`);
    if (report.data.conversionId !== message.key) throw new UnreadableMessage('its key is another conversion’s');
    await this.actors.report(report.data, message.id);
  }
}
