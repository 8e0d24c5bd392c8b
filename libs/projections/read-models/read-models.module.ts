import { Global, Module } from '@nestjs/common';
import { ReadModels } from './read-models.ts';

/** The read models of all services in this process. */
@Global()
@Module({ providers: [ReadModels], exports: [ReadModels] })
export class ReadModelsModule {}
