import { Controller, Get, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { z } from 'zod';
import { Metrics } from '#telemetry';
import { HealthIndicators } from './health-indicators.ts';

const timeoutMilliseconds = 2_000;

const Liveness = z.object({ status: z.literal('up') });
const State = z.enum(['up', 'down']);
const Readiness = z.object({ status: State, parts: z.record(z.string(), State) });
type Readiness = z.infer<typeof Readiness>;

@ApiTags('operation')
@Controller()
export class OperationController {
  constructor(
    private readonly indicators: HealthIndicators,
    private readonly metrics: Metrics,
  ) {}

  @Get('health/live')
  @ApiOperation({
    summary: 'The process answers',
    description: 'Asks nothing else, so that a store that is away does not get the process killed.',
  })
  @ApiOkResponse({ description: 'It does', standardSchema: Liveness })
  live(): z.infer<typeof Liveness> {
    return { status: 'up' };
  }

  @Get('health/ready')
  @ApiOperation({ summary: 'Whether everything that it depends on answers' })
  @ApiOkResponse({ description: 'All of it', standardSchema: Readiness })
  @ApiResponse({ status: 503, description: 'Not all of it', standardSchema: Readiness })
  async ready(@Res({ passthrough: true }) response: Response): Promise<Readiness> {
    const parts = await this.indicators.ask(timeoutMilliseconds);
    const isReady = Object.values(parts).every((state) => state === 'up');
    response.status(isReady ? 200 : 503);
    return { status: isReady ? 'up' : 'down', parts };
  }

  @Get('metrics')
  @ApiOperation({ summary: 'Figures of this process, for Prometheus' })
  @ApiOkResponse({ description: 'All of them', content: { 'text/plain': { schema: { type: 'string' } } } })
  async figures(@Res() response: Response): Promise<void> {
    response.type(this.metrics.contentType).send(await this.metrics.text());
  }
}
