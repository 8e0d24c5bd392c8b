export * from './bus-strategy.ts';
export * from './handles.ts';
export * from './rethrow.filter.ts';
