export * from './in-process-bus.ts';
export * from './log-topic.ts';
