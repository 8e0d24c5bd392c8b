import { type DynamicModule, Module } from '@nestjs/common';
import { Config } from '#config';
import { describeEngine, describeProtection, locateEngine, sweepOrphans } from '#media';
import { Log } from '#telemetry';
import { TasksController } from './messages/tasks.controller.ts';
import { TaskQueue } from './queue/task-queue.ts';
import { EncoderEngine, EncoderIdentity } from './work/encoder-engine.ts';
import { EncoderMetrics } from './work/encoder-metrics.ts';
import { Perform } from './work/perform.ts';
import { Reports } from './work/reports.ts';
import { Slots } from './work/slots.ts';
import { TaskRun } from './work/task-run.ts';

/** The task queue and the work. */
@Module({
  controllers: [TasksController],
  providers: [EncoderMetrics, Perform, Reports, Slots, TaskQueue, TaskRun],
})
export class EncoderModule {
  /** @param identity whose tasks in the queue are this process's own */
  static for(identity: EncoderIdentity): DynamicModule {
    return {
      module: EncoderModule,
      providers: [
        { provide: EncoderIdentity, useValue: identity },
        {
          provide: EncoderEngine,
          useFactory: (config: Config, log: Log) => prepareEngine(identity, config, log),
          inject: [Config, Log],
        },
      ],
    };
  }
}

/** Looks for the tools, says what is missing, and clears away what a killed process left. */
async function prepareEngine(identity: EncoderIdentity, config: Config, log: Log): Promise<EncoderEngine> {
  const swept = await sweepOrphans(identity.workFolder);
  if (swept.killed + swept.removed > 0) log.info(swept, 'cleared away what an earlier process left');
  const engine = await locateEngine({ ffmpegPath: config.ffmpegPath, ffprobePath: config.ffprobePath });
  const description = await describeEngine(engine);
  for (const warning of [...description.warnings, ...describeProtection(engine.protection)]) log.warn({}, warning);
  log.info({ engine: description.id, ffmpeg: engine.ffmpeg }, 'encoder ready');
  return new EncoderEngine(engine, description);
}
