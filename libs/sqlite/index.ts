export * from './errors.ts';
export * from './file-lock.ts';
export type { Operations } from './protocol.ts';
export { uniqueViolation } from './result-codes.ts';
export * from './sqlite-thread.ts';
