import type { Conversion } from '#client';
import { loadCommandLineConfig } from '#config';
import type { Settings } from '#contracts';
import { ExitCode, Failure, toFailure } from '../failure.ts';
import { interruption } from '../interruption.ts';
import { say, sayJson, tell } from '../print.ts';
import type { Converter } from './converter.ts';
import { type Order, readOrders } from './orders.ts';
import { writeOutput } from './output-file.ts';
import { ProgressBars } from './progress-bars.ts';
import { type ConvertOptions, readSettings } from './read-settings.ts';

/** Converts files, here or by a server. The first thing that is wrong with the command ends it before anything is done. */
export async function convert(paths: readonly string[], options: ConvertOptions): Promise<void> {
  const settings = readSettings(options);
  const orders = await readOrders(paths, options);
  using interrupted = interruption();
  const { signal } = interrupted;
  const { isDumbTerminal } = loadCommandLineConfig();
  using bars = new ProgressBars(process.stderr.isTTY && !isDumbTerminal && options.quiet !== true);
  await using stack = new AsyncDisposableStack();
  const converter = await openConverter(orders, options, stack);
  const failures: Failure[] = [];
  const waiting = [...orders];
  async function work(): Promise<void> {
    for (let order = waiting.shift(); order !== undefined; order = waiting.shift()) {
      try {
        await convertOne(converter, order, settings, options, bars, signal);
      } catch (error) {
        const failure = toFailure(error);
        if (signal.aborted || failure === null || orders.length === 1) throw error;
        failures.push(failure);
        bars.print(process.stderr, () => tell(`mixdown: ${failure.message}`));
        if (options.json === true && !failure.isTold) {
          const error = { code: failure.code, detail: failure.message };
          const { video: input } = order;
          bars.print(process.stdout, () => sayJson({ input, error }));
        }
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(options.jobs, orders.length) }, work));
  if (failures.length === 0) return;
  throw new Failure(
    `${failures.length} of ${orders.length} could not be converted`,
    Math.max(...failures.map(({ exitCode }) => exitCode)),
    'some-failed',
    true,
  );
}

async function openConverter(
  orders: readonly Order[],
  { server, jobs }: ConvertOptions,
  stack: AsyncDisposableStack,
): Promise<Converter> {
  if (server !== undefined) {
    const { connect } = await import('../server/connect.ts');
    const { ConverterThere } = await import('./converter-there.ts');
    return new ConverterThere(await connect({ server }));
  }
  const { workingFolderFor } = await import('./working-folder.ts');
  await import('reflect-metadata');
  const { ConverterHere } = await import('./converter-here.ts');
  const folder = stack.use(await workingFolderFor(orders[0]?.video ?? '.'));
  return stack.use(await ConverterHere.open(folder, jobs));
}

async function convertOne(
  converter: Converter,
  { video, target }: Order,
  settings: Settings,
  { force, json, quiet }: ConvertOptions,
  bars: ProgressBars,
  signal: AbortSignal,
): Promise<void> {
  const bar = bars.add(video);
  let conversion: Conversion;
  try {
    conversion = await converter.convert({ video, settings, signal, onProgress: (progress) => bar.update(progress) });
    if (conversion.status === 'completed') {
      bar.update({ phase: 'saving', percent: 100, eta: null });
      await writeOutput(target, force === true, until(signal, await converter.output(conversion.id, signal)));
    }
  } finally {
    bar.remove();
  }
  const isDone = conversion.status === 'completed';
  if (json === true)
    bars.print(process.stdout, () => sayJson({ input: video, savedAs: isDone ? target : null, ...conversion }));
  if (!isDone) throw notDone(video, conversion);
  if (json !== true && quiet !== true) bars.print(process.stdout, () => say(`${video} -> ${target}`));
}

function notDone(video: string, { status, error }: Conversion): Failure {
  if (error === null) return new Failure(`${video}: the conversion was ${status}`, ExitCode.failed, status, true);
  return new Failure(`${video}: ${error.detail} (${error.code})`, ExitCode.failed, error.code, true);
}

async function* until(signal: AbortSignal, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
  for await (const chunk of chunks) {
    signal.throwIfAborted();
    yield chunk;
  }
}
