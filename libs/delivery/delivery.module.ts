import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { CreateLinkHandler } from './application/create-link.ts';
import { FindOutputHandler } from './application/find-output.ts';
import { OutputLinks } from './application/output-links.ts';
import { LinksController } from './http/links.controller.ts';
import { OutputsController } from './http/outputs.controller.ts';

/** Getting the bytes of an output to the client. */
@Module({
  imports: [CqrsModule],
  controllers: [OutputsController, LinksController],
  providers: [CreateLinkHandler, FindOutputHandler, OutputLinks],
})
export class DeliveryModule {}
