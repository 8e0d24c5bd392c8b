import { Module } from '@nestjs/common';
import { TasksController } from './messages/tasks.controller.ts';
import { TaskQueue } from './queue/task-queue.ts';
import { EncoderMetrics } from './work/encoder-metrics.ts';
import { Perform } from './work/perform.ts';
import { Reports } from './work/reports.ts';
import { Slots } from './work/slots.ts';
import { TaskRun } from './work/task-run.ts';

/** The task queue and the work. Needs an `EncoderEngine` and an `EncoderIdentity` from the platform. */
@Module({
  controllers: [TasksController],
  providers: [EncoderMetrics, Perform, Reports, Slots, TaskQueue, TaskRun],
})
export class EncoderModule {}
