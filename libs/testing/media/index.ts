export * from './decode.ts';
export * from './disguises.ts';
export * from './engines.ts';
export * from './gather.ts';
export * from './make-media.ts';
export { type MediaKind, mediaKinds } from './recipes.ts';
