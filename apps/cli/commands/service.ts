import { Command } from 'commander';
import { examples, withOutput } from './options.ts';

export function serveCommand(): Command {
  const command = new Command('serve')
    .summary('runs the service')
    .description('Runs the service, every part of it in one process, configured by environment variables (README).')
    .action(async () => (await import('../serve.ts')).serve());
  return examples(
    command,
    ['mixdown serve', 'on http://127.0.0.1:8080, data in ./data'],
    ['HOST=0.0.0.0 DATA_DIR=/srv/mixdown mixdown serve', 'for others, data elsewhere'],
  );
}

export function userCommand(): Command {
  const add = new Command('add')
    .summary('makes an account')
    .description(
      'Makes an account, also where registration is closed. The service must not be running on the data folder.',
    )
    .argument('<email>', 'its e-mail address')
    .option('--admin', 'it may administer the service: see and disable users, set quotas')
    .option('--password-stdin', 'read the password from standard input instead of asking for it')
    .action(async (email, options) => {
      await import('reflect-metadata');
      await (await import('../add-user.ts')).addUser(email, options);
    });
  examples(
    add,
    ['mixdown user add me@example.org', 'asks for the password'],
    ['mixdown user add me@example.org --admin', 'an administrator'],
    ['DATA_DIR=/srv/mixdown mixdown user add me@example.org', 'in another data folder'],
  );
  return new Command('user')
    .summary('makes accounts on this machine')
    .description('Accounts of the service on this machine.')
    .addCommand(add);
}

export function doctorCommand(): Command {
  const command = new Command('doctor')
    .summary('says what is missing on this machine')
    .description(
      `Looks at everything that conversions here and the service need: versions, ffmpeg, the sandbox, the data folder, room on
the disk. Says what is missing and what to do. Exit code 1 if it cannot work as it is.`,
    )
    .action(async (options) => (await import('../doctor/doctor.ts')).doctor(options));
  return examples(
    withOutput(command, 'print the findings as JSON'),
    ['mixdown doctor', 'everything'],
    ['mixdown doctor --quiet', 'only what is not as it should be'],
  );
}

export function verifyCommand(): Command {
  const command = new Command('verify')
    .summary('checks that everything that is stored is as the log says')
    .description(
      `Replays the log of the data folder and holds everything against it: each event against its id, each history against
what can have happened, the bytes of every file that is still needed against their hash, each row of the lists against the
fold. Nothing is changed. Works beside a running service, and without one. Exit code 1 if anything is wrong.`,
    )
    .action(async (options) => {
      await import('reflect-metadata');
      await (await import('../maintenance/verify.ts')).verify(options);
    });
  return examples(
    withOutput(command, 'print a line of JSON for each finding, and one at the end'),
    ['mixdown verify', 'the data in ./data'],
    ['DATA_DIR=/srv/mixdown mixdown verify --quiet', 'only what is wrong'],
  );
}

export function rebuildCommand(): Command {
  const command = new Command('rebuild')
    .summary('makes the lists anew from the log')
    .description(
      `Folds the log into the lists and other read models once more, from its beginning. Beside a running service the present
ones serve until the new ones are whole. Accounts, names, keys and files are not touched.`,
    )
    .action(async (options) => {
      await import('reflect-metadata');
      await (await import('../maintenance/rebuild.ts')).rebuild(options);
    });
  return examples(
    withOutput(command, 'print a line of JSON for each read model'),
    ['mixdown rebuild', 'the data in ./data'],
    ['DATA_DIR=/srv/mixdown mixdown rebuild', 'in another data folder'],
  );
}
