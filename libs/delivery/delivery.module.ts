import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { FindOutputHandler } from './application/find-output.ts';
import { OutputsController } from './http/outputs.controller.ts';
import { LiveModule } from './live/live.module.ts';

/** Getting word of an output, and its bytes, to the client. */
@Module({
  imports: [CqrsModule, LiveModule],
  controllers: [OutputsController],
  providers: [FindOutputHandler],
})
export class DeliveryModule {}
