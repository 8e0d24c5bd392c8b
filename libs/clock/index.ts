export * from './clock.ts';
export { Recurring } from './recurring.ts';
