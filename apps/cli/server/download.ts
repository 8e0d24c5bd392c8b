import { join } from 'node:path';
import { expectFree, writeOutput } from '../convert/output-file.ts';
import { interruption } from '../interruption.ts';
import { say, sayJson } from '../print.ts';
import { connect, type ServerOptions } from './connect.ts';

interface DownloadOptions extends ServerOptions {
  readonly force?: true;
  readonly json?: true;
  readonly quiet?: true;
}

/** Saves an output, by default under its upload's name. */
export async function download(id: string, out: string | undefined, options: DownloadOptions): Promise<void> {
  const client = await connect(options);
  using interrupted = interruption();
  const { signal } = interrupted;
  const isForced = options.force === true;
  const target = out ?? (await nameOf(client, id, signal));
  await expectFree(target, isForced);
  const { chunks, bytes, sha256 } = await client.download(id, { signal });
  await writeOutput(target, isForced, chunks);
  if (options.json === true) sayJson({ id, savedAs: target, bytes, sha256 });
  else if (options.quiet !== true) say(target);
}

async function nameOf(client: Awaited<ReturnType<typeof connect>>, id: string, signal: AbortSignal): Promise<string> {
  const { uploadId } = await client.status(id, { signal });
  const { fileName } = await client.getUpload(uploadId, { signal });
  // The server has cleaned it; that it stays in this folder is looked after here.
  const name = (fileName ?? id).replaceAll(/[/\\\p{Cc}]/gu, '').replace(/\.[^.]{1,8}$/, '');
  return join('.', `${name || id}.mp3`);
}
