import { type DynamicModule, Module } from '@nestjs/common';
import { Config } from '#config';
import { Log } from '#telemetry';
import { TasksController } from './messages/tasks.controller.ts';
import { TaskQueue } from './queue/task-queue.ts';
import { EncoderEngine, EncoderIdentity } from './work/encoder-engine.ts';
import { EncoderMetrics } from './work/encoder-metrics.ts';
import { Perform } from './work/perform.ts';
import { prepareEngine } from './work/prepare-engine.ts';
import { Reports } from './work/reports.ts';
import { Slots } from './work/slots.ts';
import { TaskRun } from './work/task-run.ts';

/** The task queue and the work. */
@Module({
  controllers: [TasksController],
  providers: [EncoderMetrics, Perform, Reports, Slots, TaskQueue, TaskRun],
})
export class EncoderModule {
  /**
   * @param identity whose tasks in the queue are this process's own
   * @param found by {@link findEngine}, for who has begun to look already
   */
  static for(identity: EncoderIdentity, found?: Promise<EncoderEngine>): DynamicModule {
    return {
      module: EncoderModule,
      providers: [
        { provide: EncoderIdentity, useValue: identity },
        {
          provide: EncoderEngine,
          useFactory: (config: Config, log: Log) => found ?? prepareEngine(identity, config, log),
          inject: [Config, Log],
        },
      ],
    };
  }
}
