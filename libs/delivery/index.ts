export * from './delivery.module.ts';
