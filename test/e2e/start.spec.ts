import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { System, temporaryFolder } from '../support/system.ts';

it('says that another program listens on the port, and nothing else', async () => {
  await using folder = await temporaryFolder();
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  try {
    const start = System.start(join(folder.path, 'data'), { PORT: String(port) });
    await expect(start).rejects.toThrow(`mixdown cannot start: 127.0.0.1, port ${port}, cannot be listened on`);
    await expect(start).rejects.toThrow('another program does');
    await expect(start).rejects.not.toThrow('SqliteThreadEnded');
  } finally {
    other.close();
  }
});
