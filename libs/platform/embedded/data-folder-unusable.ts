/** The folder cannot be used. The message is for whoever started the program. */
export class DataFolderUnusable extends Error {
  readonly code = 'data-folder-unusable';
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'DataFolderUnusable';
  }
}
