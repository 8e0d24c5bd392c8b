export * from './simulated-clock.ts';
export * from './given.ts';
