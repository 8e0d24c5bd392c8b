export * from './make-media.ts';
