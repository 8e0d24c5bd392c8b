import { Controller, Get, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { Metrics } from '#telemetry';
import { HealthIndicators } from './health-indicators.ts';

const timeoutMilliseconds = 2_000;

@ApiTags('operation')
@Controller()
export class OperationController {
  constructor(
    private readonly indicators: HealthIndicators,
    private readonly metrics: Metrics,
  ) {}

  /** The process answers. Asks nothing else, so that a store that is away does not get the process killed. */
  @Get('health/live')
  live(): { status: 'up' } {
    return { status: 'up' };
  }

  @Get('health/ready')
  async ready(@Res({ passthrough: true }) response: Response) {
    const parts = await this.indicators.ask(timeoutMilliseconds);
    const isReady = Object.values(parts).every((state) => state === 'up');
    response.status(isReady ? 200 : 503);
    return { status: isReady ? 'up' : 'down', parts };
  }

  @Get('metrics')
  async figures(@Res() response: Response): Promise<void> {
    response.type(this.metrics.contentType).send(await this.metrics.text());
  }
}
