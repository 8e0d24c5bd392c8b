export * from './client.ts';
export * from './documents.ts';
export { type Download, DownloadDamaged, type DownloadOptions } from './download.ts';
export type { EventsOptions } from './event-stream.ts';
export * from './problem.ts';
export type { Credentials, TokenStore, Tokens } from './session.ts';
export type { UploadOptions } from './upload.ts';
