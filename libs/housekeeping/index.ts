export { blobOwnersModel } from './blob-owners.ts';
export * from './housekeeping.module.ts';
