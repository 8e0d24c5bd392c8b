export { uploadListModel } from './application/upload-list-model.ts';
export * from './upload.module.ts';
