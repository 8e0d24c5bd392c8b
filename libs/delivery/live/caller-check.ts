import { Injectable } from '@nestjs/common';
import { Clock } from '#clock';
import { type Caller, Callers } from '#http';
import { closes } from './closes.ts';
import type { LiveConnection } from './live-connection.ts';
import { LiveConnections } from './live-connections.ts';

const atOnce = 32;

/** Ends the connections of users who are out: a token says only that they were in when it was issued. */
@Injectable()
export class CallerCheck {
  constructor(
    private readonly callers: Callers,
    private readonly connections: LiveConnections,
    private readonly clock: Clock,
  ) {}

  async check(): Promise<void> {
    const open = [...byCaller(this.connections)];
    for (let from = 0; from < open.length; from += atOnce) {
      await Promise.all(open.slice(from, from + atOnce).map(([caller, connections]) => this.#end(caller, connections)));
    }
  }

  async #end(caller: Caller, connections: readonly LiveConnection[]): Promise<void> {
    // A credential that has reached its end is something else: its connection sees that by itself.
    if (caller.expiresAt <= this.clock.now() || !(await this.callers.isOut(caller))) return;
    for (const connection of connections) connection.close(closes.out);
  }
}

/** Those who came with the same token are asked about once. */
function byCaller(connections: Iterable<LiveConnection>): Iterable<readonly [Caller, LiveConnection[]]> {
  const found = new Map<string, [Caller, LiveConnection[]]>();
  for (const connection of connections) {
    const { caller } = connection.socket;
    const key = JSON.stringify(caller);
    const known = found.get(key);
    if (known === undefined) found.set(key, [caller, [connection]]);
    else known[1].push(connection);
  }
  return found.values();
}
