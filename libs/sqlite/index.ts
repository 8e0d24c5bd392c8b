export * from './errors.ts';
export type { Operations } from './protocol.ts';
export { uniqueViolation } from './result-codes.ts';
export * from './sqlite-thread.ts';
