/** It cannot listen where it is told to. The message is for whoever started the program. */
export class CannotListen extends Error {
  readonly code = 'cannot-listen';
  constructor(host: string, port: number, cause: unknown) {
    const why = cause instanceof Error && 'code' in cause ? reasons[String(cause.code)] : undefined;
    super(`${host}, port ${port}, cannot be listened on: ${why ?? String(cause)}.`, { cause });
    this.name = 'CannotListen';
  }
}

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program does. Stop that one first, or give this one another PORT (0 takes a free one)',
  EACCES: 'this user may not. Give it a PORT from 1024 on',
  EADDRNOTAVAIL: 'this machine does not have that address. Give it another HOST, like 127.0.0.1, or 0.0.0.0 for all',
  ENOTFOUND: 'there is no such host. Give it another HOST, like 127.0.0.1, or 0.0.0.0 for all',
};
