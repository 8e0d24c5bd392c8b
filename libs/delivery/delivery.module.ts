import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { CreateLinkHandler } from './application/create-link.ts';
import { FindOutputHandler } from './application/find-output.ts';
import { OpenOutputHandler } from './application/open-output.ts';
import { OutputLinks } from './application/output-links.ts';
import { LinksController } from './http/links.controller.ts';
import { OutputsController } from './http/outputs.controller.ts';
import { LiveModule } from './live/live.module.ts';

/** Getting word of an output, and its bytes, to the client. */
@Module({
  imports: [CqrsModule, LiveModule],
  controllers: [OutputsController, LinksController],
  providers: [CreateLinkHandler, FindOutputHandler, OpenOutputHandler, OutputLinks],
})
export class DeliveryModule {}
