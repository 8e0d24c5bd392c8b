export { AdoptFile } from './application/adopt-file.ts';
export { uploadListModel } from './application/upload-list-model.ts';
export * from './upload.module.ts';
