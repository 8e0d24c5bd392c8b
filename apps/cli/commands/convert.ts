import { availableParallelism } from 'node:os';
import { Command } from 'commander';
import { examples, whole, withOutput } from './options.ts';

export function convertCommand(): Command {
  const command = new Command('convert')
    .summary('converts videos to MP3, here or by a server')
    .description(
      `Converts videos to MP3. Without --server it is done in this process, on all cores, and needs no service; the video
is read where it is and never changed. With --server it is uploaded, followed and downloaded, also across lost
connections and restarts of the server.`,
    )
    .argument('<video...>', 'the files to convert; a last name that ends in .mp3 after a single video is the output')
    .option('-o, --output <path>', 'where to write the MP3, or the folder for several; default: beside each video')
    .option('--vbr <level>', 'variable bit rate: 0 (best) to 9 (smallest); default 2')
    .option('--cbr <kbps>', 'constant bit rate, for instance 320')
    .option('--trim <from..to>', 'only this part, in seconds, for instance 10..95.5')
    .option('--jobs <n>', 'how many conversions at the same time', whole(1, 1_024), availableParallelism())
    .option('--server <url>', 'convert there, as the user who is logged in there')
    .option('--force', 'write over a file that is there')
    .action(async (videos, options) => (await import('../convert/convert.ts')).convert(videos, options));
  withOutput(command, 'print one JSON document for each video: its status document, `input` and `savedAs`');
  return examples(
    command,
    ['mixdown convert holiday.mp4', 'writes holiday.mp3 beside it'],
    ['mixdown convert talk.mkv talk.mp3 --vbr 5', 'smaller'],
    ['mixdown convert *.mp4 -o music/', 'every video, into a folder'],
    ['mixdown convert a.mov --trim 10..95.5 --cbr 320', 'a part of it, at a constant bit rate'],
    ['mixdown convert a.mp4 --server https://m.example', 'by a server'],
    ['mixdown convert -- -a.mp4', 'a name that begins with a dash'],
  );
}
