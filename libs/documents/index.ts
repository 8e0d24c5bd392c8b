export * from './documents.ts';
export * from './pages-of.ts';
export * from './remove-document.ts';
