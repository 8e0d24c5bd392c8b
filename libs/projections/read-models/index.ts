export { GenerationDocuments } from './generation-documents.ts';
export { RebuiltElsewhere } from './live-generations.ts';
export * from './read-model.ts';
export * from './read-models.ts';
