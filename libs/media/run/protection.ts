/** What the machine offers to keep a decoder in a box: absolute paths, or null where it is missing or does not work. */
export interface Protection {
  readonly bubblewrap: string | null;
  readonly prlimit: string | null;
}

/** What one run may take of the machine. */
export interface ProcessLimits {
  readonly cpuSeconds: number;
  readonly addressSpaceBytes: number;
  readonly fileSizeBytes: number;
}

export interface BoxedCommand {
  readonly program: string;
  /** What the program needs to run besides the system's folders: absolute paths. */
  readonly programFiles: readonly string[];
  /** Absolute paths that the program may read. */
  readonly inputs: readonly string[];
  readonly args: readonly string[];
  /** Absolute path of the only folder that it may write, and where it runs. */
  readonly folder: string;
  readonly limits: ProcessLimits;
}

/** The system's part of the file tree that programs need to run at all: libraries, and nothing of anybody's. */
const systemPaths = [
  '/usr',
  '/bin',
  '/sbin',
  '/lib',
  '/lib32',
  '/lib64',
  '/libx32',
  '/etc/ld.so.cache',
  '/etc/alternatives',
];

/** Threads and processes in the box. Counted in the box's own user namespace, so the service's do not count. */
const maxProcesses = 256;

/** The command line that runs a command in as much of a box as the machine offers. */
export function boxed(command: BoxedCommand, protection: Protection): readonly [string, ...string[]] {
  const { limits } = command;
  const limited: [string, ...string[]] =
    protection.prlimit === null
      ? [command.program, ...command.args]
      : [
          protection.prlimit,
          // The soft limit sends SIGXCPU, five seconds later the hard one SIGKILL.
          `--cpu=${limits.cpuSeconds}:${limits.cpuSeconds + 5}`,
          `--as=${limits.addressSpaceBytes}`,
          `--fsize=${limits.fileSizeBytes}`,
          '--core=0',
          // Without a user namespace the limit would count every thread of this user, the service's own as well.
          ...(protection.bubblewrap === null ? [] : [`--nproc=${maxProcesses}`]),
          '--',
          command.program,
          ...command.args,
        ];
  if (protection.bubblewrap === null) return limited;
  return [
    protection.bubblewrap,
    '--unshare-all',
    '--die-with-parent',
    '--new-session',
    '--cap-drop',
    'ALL',
    ...systemPaths.flatMap((path) => ['--ro-bind-try', path, path]),
    '--dev',
    '/dev',
    // The order counts, later ones lie on top: the folder stays writable, an input inside it read-only.
    ...command.programFiles.flatMap((path) => ['--ro-bind', path, path]),
    ...['--bind', command.folder, command.folder],
    ...command.inputs.flatMap((path) => ['--ro-bind', path, path]),
    '--chdir',
    command.folder,
    '--',
    ...limited,
  ];
}
