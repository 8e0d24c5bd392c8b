export { AdoptFile } from './application/adopt-file.ts';
export * from './upload.module.ts';
