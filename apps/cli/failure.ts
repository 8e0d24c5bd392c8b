/** What scripts rely on. */
export const ExitCode = { done: 0, failed: 1, wrongUse: 2, unreachable: 3 } as const;

/** Ends the command with a sentence for a person and a code for a script. */
export class Failure extends Error {
  constructor(
    message: string,
    readonly exitCode: (typeof ExitCode)[keyof typeof ExitCode],
  ) {
    super(message);
    this.name = 'Failure';
  }
}
