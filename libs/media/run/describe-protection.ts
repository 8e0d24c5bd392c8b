import type { Protection } from './protection.ts';

/** One sentence for each protection that is missing; empty when all are there. For the start-up log. */
export function describeProtection(protection: Protection): readonly string[] {
  const missing: string[] = [];
  if (protection.bubblewrap === null) {
    missing.push(
      'bubblewrap (bwrap) is missing or may not make namespaces here: decoders can see the network and every file that this user can read.',
    );
  }
  if (protection.prlimit === null) {
    missing.push('prlimit (util-linux) is missing: decoders have no limit on CPU time, address space and file size.');
  }
  return missing;
}
