import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { AcceptConversion, type ConversionOrder } from './accept-conversion.ts';

export class RequestConversion extends Command<string> {
  constructor(readonly order: Omit<ConversionOrder, 'retryOf'>) {
    super();
  }
}

/** Accepts a conversion: resolved with its id means that it is durable. */
@CommandHandler(RequestConversion)
export class RequestConversionHandler implements ICommandHandler<RequestConversion> {
  constructor(private readonly accept: AcceptConversion) {}

  execute({ order }: RequestConversion): Promise<string> {
    return this.accept.accept({ ...order, retryOf: null });
  }
}
