#!/usr/bin/env -S node --disable-warning=ExperimentalWarning
import 'reflect-metadata';
import { Command } from 'commander';
import { addUser } from './add-user.ts';
import { convert } from './convert.ts';
import { ExitCode, Failure } from './failure.ts';
import { serve } from './serve.ts';

const program = new Command('mixdown')
  .description('Turns video into audio.')
  .showHelpAfterError()
  .exitOverride()
  .addHelpText(
    'after',
    `
Examples:
  mixdown convert holiday.mp4                 writes holiday.mp3 beside it
  mixdown convert talk.mkv talk.mp3 --vbr 5   smaller
  mixdown serve                               runs the service on ./data
  mixdown user add me@example.org             makes an account; asks for the password

Exit codes: 0 done, 1 the conversion failed, 2 wrong use, 3 the server cannot be reached.
The service is configured by environment variables: see the README.`,
  );

program
  .command('convert')
  .description('converts a video here, in this machine, without a server')
  .argument('<video>', 'the file to convert')
  .argument('[out]', 'where to write the MP3; default: beside the video, with its name')
  .option('--vbr <level>', 'variable bit rate: 0 (best) to 9 (smallest); default 2')
  .option('--cbr <kbps>', 'constant bit rate, for instance 320')
  .option('--trim <from..to>', 'only this part, in seconds, for instance 10..95.5')
  .option('--force', 'write over a file that is there')
  .option('--json', 'print the status document instead of a sentence')
  .option('--quiet', 'print nothing but errors')
  .action(convert);

program.command('serve').description('runs the service, every part of it in this process').action(serve);

program
  .command('user')
  .description('accounts')
  .command('add')
  .description(
    'makes an account, also where registration is closed; the service must not be running on the data folder',
  )
  .argument('<email>', 'its e-mail address')
  .option('--admin', 'it may administer the service: see and disable users, set quotas')
  .option('--password-stdin', 'read the password from standard input instead of asking for it')
  .action(addUser);

program.parseAsync().catch((error: unknown) => {
  if (error instanceof Failure) {
    process.stderr.write(`mixdown: ${error.message}\n`);
    process.exitCode = error.exitCode;
    return;
  }
  const isUsage = error instanceof Error && 'exitCode' in error && typeof error.exitCode === 'number';
  if (!isUsage) process.stderr.write(`mixdown: ${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = isUsage && error.exitCode === 0 ? ExitCode.done : isUsage ? ExitCode.wrongUse : ExitCode.failed;
});
