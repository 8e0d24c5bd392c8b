export * from './messaging-attributes.ts';
export * from './traced-blobs.ts';
export * from './traced-bus.ts';
export * from './traced-event-store.ts';
