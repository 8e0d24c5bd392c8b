export * from './adverse-bus.ts';
export * from './adverse-documents.ts';
export * from './adverse-event-store.ts';
export * from './chance.ts';
