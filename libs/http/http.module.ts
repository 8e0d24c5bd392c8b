import { Global, Module } from '@nestjs/common';
import { PassportModule } from '@nestjs/passport';
import { AccessTokens } from './auth/access-tokens.ts';
import { Callers } from './auth/callers.ts';
import { RecentRecords } from './auth/recent-records.ts';
import { AccessTokenStrategy, TokenGuard } from './auth/token.guard.ts';
import { Upgrades } from './edge/upgrades.ts';
import { HealthIndicators } from './health/health-indicators.ts';
import { OperationController } from './health/operation.controller.ts';
import { AddressLimitGuard } from './limits/address-limit.guard.ts';
import { RequestLimits } from './limits/request-limits.ts';
import { ProblemPagesController } from './problems/problem-pages.controller.ts';
import { Quotas } from './quotas/quotas.ts';
import { OpenStreams } from './responses/open-streams.ts';

/** What the edges of all services share. */
@Global()
@Module({
  imports: [PassportModule],
  controllers: [OperationController, ProblemPagesController],
  providers: [
    AccessTokens,
    AccessTokenStrategy,
    AddressLimitGuard,
    Callers,
    HealthIndicators,
    OpenStreams,
    Quotas,
    RecentRecords,
    RequestLimits,
    TokenGuard,
    Upgrades,
  ],
  // A guard is made anew in every module that uses it, so what it needs is exported, too.
  exports: [AccessTokens, Callers, HealthIndicators, OpenStreams, Quotas, RequestLimits, TokenGuard, Upgrades],
})
export class HttpModule {}
