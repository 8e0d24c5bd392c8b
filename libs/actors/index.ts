export * from './actor-system.ts';
export * from './append-surely.ts';
export * from './decider.ts';
