import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { FindOutputHandler } from './application/find-output.ts';
import { OpenOutputHandler } from './application/open-output.ts';
import { OutputsController } from './http/outputs.controller.ts';

/** Getting the bytes of an output to the client. */
@Module({
  imports: [CqrsModule],
  controllers: [OutputsController],
  providers: [FindOutputHandler, OpenOutputHandler],
})
export class DeliveryModule {}
