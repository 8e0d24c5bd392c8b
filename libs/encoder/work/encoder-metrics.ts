import { Injectable } from '@nestjs/common';
import { Clock } from '#clock';
import { Metrics } from '#telemetry';
import { TaskQueue } from '../queue/task-queue.ts';
import { Slots } from './slots.ts';

/** Beyond this many the exact depth of the queue tells nobody anything new. */
const countUpTo = 10_000;

@Injectable()
export class EncoderMetrics {
  constructor(metrics: Metrics, queue: TaskQueue, slots: Slots, clock: Clock) {
    metrics.gauge('mixdown_encoder_slots_busy', 'Tasks that are being worked on in this process', [], (gauge) => {
      gauge.set(slots.busy);
    });
    const age = metrics.gauge('mixdown_encoder_queue_age_seconds', 'Age of the oldest waiting task’s conversion', []);
    metrics.gauge('mixdown_encoder_queue_depth', 'Tasks that wait for a slot', [], async (gauge) => {
      const { waiting, oldest } = await queue.depth(countUpTo);
      gauge.set(waiting);
      age.set(oldest === null ? 0 : Math.max(0, (clock.now().getTime() - Date.parse(oldest)) / 1_000));
    });
  }
}
