export * from './bus-strategy.ts';
export { FailuresToBus } from './failures-to-bus.filter.ts';
export * from './handles.ts';
