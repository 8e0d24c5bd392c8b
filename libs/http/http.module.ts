import { Global, Module } from '@nestjs/common';
import { PassportModule } from '@nestjs/passport';
import { AccessTokens } from './auth/access-tokens.ts';
import { AccessTokenStrategy, TokenGuard } from './auth/token.guard.ts';
import { Upgrades } from './edge/upgrades.ts';
import { HealthIndicators } from './health/health-indicators.ts';
import { OperationController } from './health/operation.controller.ts';
import { ProblemPagesController } from './problems/problem-pages.controller.ts';
import { OpenStreams } from './responses/open-streams.ts';

/** What the edges of all services share. */
@Global()
@Module({
  imports: [PassportModule],
  controllers: [OperationController, ProblemPagesController],
  providers: [AccessTokens, AccessTokenStrategy, HealthIndicators, OpenStreams, TokenGuard, Upgrades],
  exports: [AccessTokens, HealthIndicators, OpenStreams, TokenGuard, Upgrades],
})
export class HttpModule {}
