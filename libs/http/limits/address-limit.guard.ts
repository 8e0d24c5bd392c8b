import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { RequestLimits } from './request-limits.ts';

/** Whoever watches over the service is always answered. */
export function isNeverLimited(path: string): boolean {
  return /^\/(health|metrics)(\/|$)/.test(path);
}

/**
 * Refuses addresses that send too much. A guard, since by then whatever cares for a body that is left unread is at its
 * place.
 */
@Injectable()
export class AddressLimitGuard implements CanActivate {
  constructor(private readonly limits: RequestLimits) {}

  /** @throws Problem `rate-limited` */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const request = context.switchToHttp().getRequest<Request>();
    if (isNeverLimited(request.path)) return true;
    await this.limits.countAddress(request.ip ?? '', context.switchToHttp().getResponse<Response>());
    return true;
  }
}
