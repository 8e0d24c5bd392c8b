/**
 * Places where a crash would hurt most, by name. A test arms one of them (through the configuration); the process
 * then kills itself there with SIGKILL, as a power cut would. Unarmed, a crash point costs a map look-up.
 */
export const crashPoints = [
  'upload.blob-renamed',
  'upload.before-append',
  'upload.appended',
  'actor.before-append',
  'actor.appended',
  'encoder.claimed',
  'encoder.segment-stored',
  'encoder.result-stored',
  'events.handled-before-checkpoint',
  'auth.erasure-begun',
  'auth.records-erased',
  'auth.erasure-appended',
] as const;
export type CrashPoint = (typeof crashPoints)[number];

const armed = new Map<CrashPoint, number>();

/** @param passes how many times the point is passed unharmed before the crash */
export function armCrashPoint(point: CrashPoint, passes: number): void {
  armed.set(point, passes);
}

export function crashPoint(point: CrashPoint): void {
  const passes = armed.get(point);
  if (passes === undefined) return;
  if (passes === 0) process.kill(process.pid, 'SIGKILL');
  armed.set(point, passes - 1);
}
