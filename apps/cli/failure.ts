import { MixdownProblem, ServerUnreachable } from '#client';

/** What scripts rely on. */
export const ExitCode = { done: 0, failed: 1, wrongUse: 2, unreachable: 3 } as const;

/** Ends the command with a sentence for a person and a code for a script. */
export class Failure extends Error {
  constructor(
    message: string,
    readonly exitCode: number,
    /** For `--json`. */
    readonly code = exitCode === ExitCode.wrongUse ? 'wrong-use' : 'failed',
    /** Whether `--json` has told of it already. */
    readonly isTold = false,
  ) {
    super(message);
    this.name = 'Failure';
  }
}

/** Errors of other parts whose message is for whoever started the program. */
const forPeople = ['invalid-config', 'data-folder-unusable', 'data-folder-in-use', 'engine-unusable'].concat([
  'storage-full',
  'download-damaged',
  'maintenance-failed',
  'rebuild-interrupted',
  'rebuilt-elsewhere',
  'service-unreachable',
]);

const systemReasons: Readonly<Record<string, string>> = {
  EACCES: 'this user may not do that',
  EPERM: 'this user may not do that',
  EROFS: 'the file system is read-only',
  ENOENT: 'there is no such file or folder',
  ENOTDIR: 'a part of the path is not a folder',
  EISDIR: 'it is a folder',
  ENAMETOOLONG: 'the name is too long',
  ENOSPC: 'there is no room left: make some and run the command again',
  EDQUOT: 'there is no room left: make some and run the command again',
  EFBIG: 'the file system does not take a file of this size',
};

/** What is expected to go wrong now and then, as a sentence; null for a fault of the program. */
export function toFailure(error: unknown): Failure | null {
  if (error instanceof Failure) return error;
  if (error instanceof ServerUnreachable) {
    return new Failure(`${error.message}. Is it running, and is the address right?`, ExitCode.unreachable, error.code);
  }
  if (error instanceof MixdownProblem) return new Failure(sentenceOf(error), ExitCode.failed, error.code);
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return null;
  if (forPeople.includes(error.code)) return new Failure(error.message, ExitCode.failed, error.code);
  const reason = systemReasons[error.code];
  if (reason === undefined) return null;
  const path = 'path' in error ? `${error.path}: ` : '';
  return new Failure(`${path}${reason}`, ExitCode.failed, error.code);
}

function sentenceOf({ detail, errors, status }: MixdownProblem): string {
  const places = errors.map((place) => `${place.pointer} ${place.detail}`);
  const what = places.length === 0 ? detail : `${detail} (${places.join('; ')})`;
  return status === 401 ? `${what} Log in with \`mixdown login\`.` : what;
}
