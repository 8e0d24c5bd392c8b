import type { DatabaseSync } from 'node:sqlite';

/** A request as it is sent to the thread, and its answer. */
export interface Call {
  readonly operation: string;
  readonly input: unknown;
}

export type Answer =
  | { readonly ok: true; readonly output: unknown }
  | { readonly ok: false; readonly message: string; readonly errorCode: number | null };

/** What the thread can do with its database. Exported as `prepare(database)` by a module that runs in the thread. */
export type Operations = Readonly<Record<string, Operation>>;

export interface Operation {
  /** Whether it changes anything: its answer then waits for the commit. Undone as a whole when it throws. */
  readonly writes: boolean;
  /** Whether, with this input, it deletes what must not be found in the files afterwards. */
  readonly erases?: (input: never) => boolean;
  // Typed by the module that declares it; between the thread and its owner values are only copied.
  readonly run: (input: never) => unknown;
}

export type Prepare<Known extends Operations = Operations> = (database: DatabaseSync) => Known;
