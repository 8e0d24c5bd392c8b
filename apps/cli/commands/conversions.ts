import { Command, Option } from 'commander';
import { examples, whole, withOutput, withServer } from './options.ts';

const states = ['queued', 'running', 'completed', 'failed', 'cancelled'];

export function statusCommand(): Command {
  const command = new Command('status')
    .summary('shows a conversion')
    .description('Shows a conversion of the server.')
    .argument('<id>', 'the conversion')
    .option('--follow', 'stay until it has ended; exit code 1 if it did not complete')
    .action(async (id, options) => (await import('../server/conversions.ts')).status(id, options));
  return examples(
    withOutput(withServer(command), 'print the status document as JSON; with --follow one line whenever it changes'),
    ['mixdown status ID', 'once'],
    ['mixdown status ID --follow --json', 'every change, as JSON lines'],
  );
}

export function listCommand(): Command {
  const command = new Command('list')
    .summary('lists your conversions, newest first')
    .description('Lists your conversions at the server, newest first.')
    .addOption(new Option('--status <status>', 'only these').choices(states))
    .option('--limit <n>', 'at most this many', whole(1, 1_000_000), 20)
    .action(async (options) => (await import('../server/conversions.ts')).list(options));
  return examples(
    withOutput(withServer(command), 'print the status documents as JSON lines'),
    ['mixdown list --status failed', 'what went wrong'],
    ["mixdown list --json --limit 1000 | jq -r '.id'", 'ids alone'],
  );
}

export function cancelCommand(): Command {
  const command = new Command('cancel')
    .summary('stops a conversion')
    .description('Stops a conversion that is going on.')
    .argument('<id>', 'the conversion')
    .action(async (id, options) => (await import('../server/conversions.ts')).cancel(id, options));
  return examples(withOutput(withServer(command)), ['mixdown cancel ID', 'it ends as cancelled']);
}

export function retryCommand(): Command {
  const command = new Command('retry')
    .summary('converts again what failed or was cancelled')
    .description('Converts again what failed or was cancelled, as a new conversion.')
    .argument('<id>', 'the conversion')
    .action(async (id, options) => (await import('../server/conversions.ts')).retry(id, options));
  return examples(withOutput(withServer(command)), ['mixdown retry ID', 'prints the new conversion']);
}

export function downloadCommand(): Command {
  const command = new Command('download')
    .summary('saves the MP3 of a conversion')
    .description('Saves the MP3 of a completed conversion. A lost connection is taken up where it was.')
    .argument('<id>', 'the conversion')
    .argument('[out]', 'where to write it; default: the name of the upload, in this folder')
    .option('--force', 'write over a file that is there')
    .action(async (id, out, options) => (await import('../server/download.ts')).download(id, out, options));
  return examples(
    withOutput(withServer(command), 'print where it is, its size and its SHA-256 as JSON'),
    ['mixdown download ID', 'under its own name'],
    ['mixdown download ID talk.mp3 --force', 'over what is there'],
  );
}
