export * from './given.ts';
export * from './simulated-clock.ts';
