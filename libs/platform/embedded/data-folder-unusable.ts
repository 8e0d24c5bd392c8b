/** The folder cannot be used. The message is for whoever started the program. */
export class DataFolderUnusable extends Error {
  readonly code: string = 'data-folder-unusable';
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'DataFolderUnusable';
  }
}

/** Another process has it open. */
export class DataFolderInUse extends DataFolderUnusable {
  override readonly code = 'data-folder-in-use';
  constructor(folder: string, holder: string) {
    super(`${folder} is in use by ${holder}. Stop that one first, or give this one a folder of its own with DATA_DIR.`);
    this.name = 'DataFolderInUse';
  }
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'its file system is read-only',
  EEXIST: 'it is not a folder',
  ENOTDIR: 'it, or what it should be in, is not a folder',
  ENOSPC: 'there is no room',
  EDQUOT: 'there is no room',
};

export function unusable(folder: string, error: unknown): DataFolderUnusable {
  if (error instanceof DataFolderUnusable) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const why = reasons[code] ?? (error instanceof Error ? error.message : String(error));
  return new DataFolderUnusable(`${folder} cannot be used for data: ${why}.`, { cause: error });
}
