export * from './bus-strategy.ts';
export * from './handles.ts';
