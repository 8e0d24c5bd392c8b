export * from './upload.module.ts';
