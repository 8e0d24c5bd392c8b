import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync, statSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, parse } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { childEnvironment } from '#config';
import type { Settings } from '#contracts';
import { ExitCode, Failure } from './failure.ts';
import { type ConvertOptions, readSettings } from './read-settings.ts';
import { ServiceClient } from './service-client.ts';
import { startService } from './service-process.ts';

/** Converts a file here, by a service of its own on a temporary folder that is gone afterwards. */
export async function convert(video: string, out: string | undefined, options: ConvertOptions): Promise<void> {
  const settings = readSettings(options);
  if (!existsSync(video) || !statSync(video).isFile())
    throw new Failure(`there is no file ${video}`, ExitCode.wrongUse);
  const target = out ?? join(parse(video).dir, `${parse(video).name}.mp3`);
  if (existsSync(target) && options.force !== true) {
    throw new Failure(`${target} is there already: --force writes over it`, ExitCode.wrongUse);
  }
  const folder = await mkdtemp(join(tmpdir(), 'mixdown-'));
  const part = `${target}.${randomUUID().slice(0, 8)}.part`;
  const interrupted = interruption();
  try {
    const service = await startService(
      childEnvironment({
        HOST: '127.0.0.1',
        PORT: '0',
        DATA_DIR: join(folder, 'data'),
        MAX_UPLOAD_BYTES: '1024 TiB',
        LOG_LEVEL: 'info',
      }),
    );
    try {
      const done = convertBy(service.url, video, part, settings, options);
      await Promise.race([done, interrupted]);
      await rename(part, target);
      report(await done, video, target, options);
    } finally {
      await service.stop();
    }
  } finally {
    await rm(part, { force: true });
    await rm(folder, { recursive: true, force: true });
  }
}

async function convertBy(
  url: string,
  video: string,
  part: string,
  settings: Settings,
  options: ConvertOptions,
): Promise<unknown> {
  const client = await ServiceClient.forNewUser(url);
  const id = await client.upload(createReadStream(video), basename(video), settings);
  const isShown = process.stderr.isTTY && options.quiet !== true && options.json !== true;
  const status = await client.follow(id, (progress) => {
    if (isShown) process.stderr.write(`\r${basename(video)}: ${progress}% `);
  });
  if (isShown) process.stderr.write('\r\u001b[K');
  if (status.error !== null) {
    if (options.json === true) process.stdout.write(`${JSON.stringify(status)}\n`);
    throw new Failure(`${video}: ${status.error.detail} (${status.error.code})`, ExitCode.failed);
  }
  await pipeline(Readable.fromWeb(await client.download(id)), createWriteStream(part, { flags: 'wx' }));
  return status;
}

function report(status: unknown, video: string, target: string, { json, quiet }: ConvertOptions): void {
  if (json === true) process.stdout.write(`${JSON.stringify(status)}\n`);
  else if (quiet !== true) process.stdout.write(`${video} -> ${target}\n`);
}

/** Rejects at Ctrl-C, so that everything is cleaned up on the way out. */
function interruption(): Promise<never> {
  const interrupted = Promise.withResolvers<never>();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => interrupted.reject(new Failure('interrupted', ExitCode.failed)));
  }
  interrupted.promise.catch(() => undefined);
  return interrupted.promise;
}
