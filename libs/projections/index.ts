export * from './account.ts';
export * from './checkpoints.ts';
export * from './conversion-view.ts';
export * from './conversion-views.ts';
export * from './projection.ts';
export * from './projection-runner.ts';
export * from './stream-follower.ts';
