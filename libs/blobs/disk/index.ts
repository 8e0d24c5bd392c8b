export * from './disk-blobs.ts';
