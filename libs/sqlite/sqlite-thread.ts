import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { CallQueue, type Pending } from './call-queue.ts';
import { SqliteError, SqliteThreadEnded, toError } from './errors.ts';
import type { Answer, Operations } from './protocol.ts';

const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';

type Input<Known extends Operations, Name extends keyof Known> = Parameters<Known[Name]['run']>[0];
type Output<Known extends Operations, Name extends keyof Known> = ReturnType<Known[Name]['run']>;

/**
 * An SQLite database in a thread of its own. Calls that come while a group is being worked on make the next group,
 * which is one transaction and one sync to the disk, so that many writers cost little more than one.
 */
export class SqliteThread<Known extends Operations> {
  /** Null when it was closed; an error when it ended by itself, after which every call fails. */
  readonly ended: Promise<SqliteThreadEnded | null>;
  readonly #worker: Worker;
  readonly #queue = new CallQueue();
  readonly #end = Promise.withResolvers<SqliteThreadEnded | null>();
  #inFlight: readonly Pending[] = [];
  #failure: SqliteThreadEnded | null = null;
  #closing: Promise<void> | null = null;
  #drained: () => void = () => {};

  private constructor(worker: Worker) {
    this.#worker = worker;
    this.ended = this.#end.promise;
    worker.on('message', (answers: readonly Answer[]) => this.#settle(answers));
    worker.on('error', (error) => this.#fail(new SqliteThreadEnded(error.message, { cause: error })));
    worker.on('exit', (code) => this.#fail(new SqliteThreadEnded(`exit code ${code}`)));
  }

  /**
   * @param path the database file, or `:memory:`
   * @param operations a module beside the caller's, named without its ending, that exports `prepare`
   * @param caller the caller's `import.meta.url`
   * @throws the thread's own error when the database cannot be opened
   */
  static async open<Known extends Operations>(
    path: string,
    operations: string,
    caller: string,
  ): Promise<SqliteThread<Known>> {
    const worker = new Worker(new URL(`./thread.worker.${extension}`, import.meta.url), {
      workerData: { path, operations: new URL(`${operations}.${extension}`, caller).href },
      execArgv: ['--disable-warning=ExperimentalWarning'],
    });
    await once(worker, 'message');
    worker.unref();
    return new SqliteThread(worker);
  }

  /**
   * @param bytes what the input, or the output at its largest, takes in memory
   * @throws {@link SqliteError} | StorageFull nothing was done
   * @throws {@link SqliteThreadEnded} it may or may not have been done
   */
  call<Name extends keyof Known & string>(
    operation: Name,
    input: Input<Known, Name>,
    bytes = 0,
  ): Promise<Output<Known, Name>> {
    if (this.#closing !== null) return Promise.reject(new SqliteThreadEnded('it was closed'));
    if (this.#failure !== null) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      // The output is what the operation of this name returned, copied between the threads.
      const answered = (output: unknown) => resolve(output as Output<Known, Name>);
      this.#queue.add({ call: { operation, input }, bytes, resolve: answered, reject });
      this.#send();
    });
  }

  /** What was asked before is still done. */
  close(): Promise<void> {
    this.#closing ??= this.#shutDown();
    return this.#closing;
  }

  async #shutDown(): Promise<void> {
    if (this.#failure !== null) return;
    if (this.#inFlight.length > 0) {
      await new Promise<void>((resolve) => {
        this.#drained = resolve;
      });
    }
    if (this.#failure !== null) return;
    this.#worker.ref();
    this.#worker.postMessage('close');
    await once(this.#worker, 'exit');
  }

  #send(): void {
    if (this.#inFlight.length > 0 || this.#queue.isEmpty) return;
    this.#inFlight = this.#queue.takeGroup();
    // The process stays alive for as long as somebody waits for an answer.
    this.#worker.ref();
    this.#worker.postMessage(this.#inFlight.map(({ call }) => call));
  }

  #settle(answers: readonly Answer[]): void {
    const asked = this.#inFlight;
    this.#inFlight = [];
    this.#worker.unref();
    this.#send();
    for (const [index, { resolve, reject }] of asked.entries()) {
      const answer = answers[index];
      if (answer === undefined) reject(new SqliteError('the thread gave no answer', null));
      else if (answer.ok) resolve(answer.output);
      else reject(toError(answer));
    }
    if (this.#inFlight.length === 0) this.#drained();
  }

  #fail(failure: SqliteThreadEnded): void {
    const pending = [...this.#inFlight, ...this.#queue.takeAll()];
    this.#inFlight = [];
    const wasClosed = this.#closing !== null && pending.length === 0;
    this.#failure ??= failure;
    for (const { reject } of pending) reject(this.#failure);
    this.#end.resolve(wasClosed ? null : this.#failure);
    this.#drained();
  }
}
