import { once } from 'node:events';
import { chmod, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Log } from '#telemetry';
import { type Maintenance, type MaintenanceTask, tasks } from '../maintenance.ts';
import { type ControlMessage, mediaType } from './protocol.ts';
import { socketPath } from './socket-path.ts';

/**
 * Where the command line reaches a running service: HTTP on a socket in the data folder. Whoever may write to the folder
 * may use it, and nobody else: it asks for no token.
 */
export class ControlSocket implements AsyncDisposable {
  private constructor(
    private readonly server: Server,
    private readonly folder: AsyncDisposable,
  ) {}

  /** @param folder is locked by this process: a socket that lies there is from an earlier one */
  static async open(folder: string, maintenance: Maintenance, log: Log): Promise<ControlSocket> {
    const place = await socketPath(folder);
    const server = createServer((request, response) => {
      answer(request, response, maintenance, log).catch((error: unknown) => response.destroy(error as Error));
    });
    await rm(place.path, { force: true });
    server.listen(place.path);
    await once(server, 'listening');
    await chmod(place.path, 0o600);
    return new ControlSocket(server, place);
  }

  /** Ends what is being told. */
  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
    await this.folder[Symbol.asyncDispose]();
  }
}

async function answer(
  { method, url }: IncomingMessage,
  response: ServerResponse,
  maintenance: Maintenance,
  log: Log,
): Promise<void> {
  const task = tasks.find((known) => url === `/${known}`);
  if (method !== 'POST' || task === undefined) {
    response.writeHead(404).end();
    return;
  }
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  response.writeHead(200, { 'Content-Type': mediaType });
  log.info({ task }, 'maintenance was asked for');
  for await (const message of told(maintenance, task, gone.signal, log)) {
    if (gone.signal.aborted) return;
    if (!response.write(`${JSON.stringify(message)}\n`)) {
      await Promise.race([once(response, 'drain'), once(response, 'close')]);
    }
  }
  response.end();
}

/** A task's failure is the last thing that is told of it. */
async function* told(
  maintenance: Maintenance,
  task: MaintenanceTask,
  signal: AbortSignal,
  log: Log,
): AsyncGenerator<ControlMessage, void, void> {
  try {
    yield* maintenance.run(task, signal);
  } catch (error) {
    log.error({ err: error, task }, 'maintenance failed');
    yield { type: 'failed', detail: error instanceof Error ? error.message : String(error) };
  }
}
