export { DataFolderUnusable } from './embedded/data-folder-unusable.ts';
export { openPlatform } from './open-platform.ts';
export type { Platform } from './platform.ts';
