import { type DynamicModule, Module } from '@nestjs/common';
import { AuthModule } from '#auth';
import { ConversionModule } from '#conversion';
import { DeliveryModule } from '#delivery';
import { EncoderIdentity, EncoderModule } from '#encoder';
import { HousekeepingModule } from '#housekeeping';
import { HttpModule } from '#http';
import type { Platform } from '#platform';
import { UploadModule } from '#upload';

/** Every service, in one process. */
@Module({})
export class StandaloneModule {
  static on({ module: ports, workFolder }: Platform): DynamicModule {
    const encoder = EncoderModule.for(new EncoderIdentity('standalone', workFolder));
    return {
      module: StandaloneModule,
      imports: [
        ...[ports, HttpModule],
        ...[AuthModule, UploadModule, ConversionModule, encoder, DeliveryModule, HousekeepingModule],
      ],
    };
  }
}
