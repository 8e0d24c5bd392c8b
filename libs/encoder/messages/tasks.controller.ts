import { Controller } from '@nestjs/common';
import { encoderMessages, OfferTask, StopTasks, topics } from '#contracts';
import { type Message, UnreadableMessage } from '#messaging';
import { Handles } from '#messaging/nest';
import { TaskQueue } from '../queue/task-queue.ts';
import { Reports } from '../work/reports.ts';
import { Slots } from '../work/slots.ts';

const group = 'encoder';

/** What conversions want of the encoders. */
@Controller()
export class TasksController {
  constructor(
    private readonly queue: TaskQueue,
    private readonly slots: Slots,
    private readonly reports: Reports,
  ) {}

  @Handles({ group, topic: topics.encoderTasks, type: encoderMessages.offer })
  async offer(message: Message): Promise<void> {
    const offer = OfferTask.safeParse(message.value);
    if (!offer.success) throw new UnreadableMessage(`not an offer: ${offer.error.message}`);
    const offered = await this.queue.offer(offer.data);
    if (offered.kind === 'queued') return this.slots.wake();
    for (const report of offered.reports) await this.reports.answer(offer.data.conversionId, report);
  }

  @Handles({ group, topic: topics.encoderTasks, type: encoderMessages.stop })
  async stop(message: Message): Promise<void> {
    const stop = StopTasks.safeParse(message.value);
    if (!stop.success) throw new UnreadableMessage(`not a stop: ${stop.error.message}`);
    await this.queue.stop(stop.data.conversionId);
    this.slots.stop(stop.data.conversionId);
  }
}
