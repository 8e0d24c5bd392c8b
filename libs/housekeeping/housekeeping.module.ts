import { Module } from '@nestjs/common';
import { BlobSweeper } from './blob-sweeper.ts';

@Module({ providers: [BlobSweeper] })
export class HousekeepingModule {}
