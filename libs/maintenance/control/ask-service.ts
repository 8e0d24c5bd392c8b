import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { createInterface } from 'node:readline';
import type { MaintenanceTask, Told } from '../maintenance.ts';
import type { ControlMessage } from './protocol.ts';
import { socketPath } from './socket-path.ts';

/**
 * Has the service that runs on the data folder carry the task out, and tells what it tells.
 * @throws {@link ServiceUnreachable} | {@link MaintenanceFailed}
 */
export async function* askService(
  folder: string,
  task: MaintenanceTask,
  signal: AbortSignal,
): AsyncGenerator<Told, void, void> {
  await using place = await socketPath(folder);
  let isWhole = false;
  try {
    const asked = request({ socketPath: place.path, path: `/${task}`, method: 'POST', signal }).end();
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    for await (const line of createInterface({ input: response })) {
      // Written by the same program, on the same machine.
      const message = JSON.parse(line) as ControlMessage;
      if (message.type === 'failed') throw new MaintenanceFailed(message.detail);
      yield message;
    }
    isWhole = response.complete;
  } catch (error) {
    if (signal.aborted || error instanceof MaintenanceFailed) throw error;
    throw new ServiceUnreachable(folder, { cause: error });
  }
  signal.throwIfAborted();
  if (!isWhole) throw new ServiceUnreachable(folder);
}

/** The service has carried it out as far as it could. */
export class MaintenanceFailed extends Error {
  readonly code = 'maintenance-failed';
  constructor(detail: string) {
    super(detail);
    this.name = 'MaintenanceFailed';
  }
}

/** Somebody holds the data folder who does not answer, or has ended in the middle of an answer. */
export class ServiceUnreachable extends Error {
  readonly code = 'service-unreachable';
  constructor(folder: string, options?: ErrorOptions) {
    super(`the process that uses ${folder} does not answer: it is starting or ending, or is no service`, options);
    this.name = 'ServiceUnreachable';
  }
}
