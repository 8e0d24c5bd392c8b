export * from './conversion.module.ts';
