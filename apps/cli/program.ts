import { Command, CommanderError } from 'commander';
import { completionCommand } from './commands/completion.ts';
import { cancelCommand, downloadCommand, listCommand, retryCommand, statusCommand } from './commands/conversions.ts';
import { convertCommand } from './commands/convert.ts';
import { loginCommand, logoutCommand } from './commands/login.ts';
import { doctorCommand, rebuildCommand, serveCommand, userCommand, verifyCommand } from './commands/service.ts';
import { ExitCode, toFailure } from './failure.ts';
import { sayJson, tell } from './print.ts';
import { version } from './version.ts';

/** The whole tree of commands. What a command does is loaded when it is run. */
export function makeProgram(): Command {
  const program = new Command('mixdown')
    .description('Turns video into audio: here, or by a server.')
    .version(version(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print what there is to know of a command')
    .addHelpText(
      'after',
      `
Examples:
  mixdown convert holiday.mp4     writes holiday.mp3 beside it
  mixdown doctor                  says what is missing on this machine
  mixdown serve                   runs the service on ./data
  mixdown help convert            the same as mixdown convert --help

Exit codes: 0 done, 1 it failed, 2 wrong use, 3 the server cannot be reached, 128 and more: ended by that signal.`,
    );
  const commands = [
    ...[convertCommand(), statusCommand(), listCommand(), cancelCommand(), retryCommand(), downloadCommand()],
    ...[loginCommand(), logoutCommand(), serveCommand(), userCommand(), doctorCommand()],
    ...[verifyCommand(), rebuildCommand(), completionCommand()],
  ];
  for (const command of commands) program.addCommand(command);
  for (const command of all(program)) command.exitOverride().showHelpAfterError('(--help tells more)');
  return program;
}

/** Runs a command; the exit code says how it went. Never throws. */
export async function run(argv: readonly string[]): Promise<void> {
  endWithReader();
  hideExperiments();
  const program = makeProgram();
  let isJson = false;
  program.hook('preAction', (_, action) => {
    isJson = action.opts().json === true;
  });
  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? ExitCode.done : ExitCode.wrongUse;
      return;
    }
    const failure = toFailure(error);
    if (failure === null) tell(`mixdown: ${error instanceof Error ? error.stack : String(error)}`);
    else tell(`mixdown: ${failure.message}`);
    if (isJson && failure?.isTold !== true) {
      sayJson({ error: { code: failure?.code ?? 'internal', detail: failure?.message ?? 'a fault of mixdown' } });
    }
    process.exitCode = failure?.exitCode ?? ExitCode.failed;
  }
}

function all(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(all)];
}

/** Whoever reads the output may have read enough: `mixdown list | head`. */
function endWithReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(ExitCode.done);
  });
}

/** What Node calls an experiment is our business, not that of whoever converts a video. */
function hideExperiments(): void {
  process.removeAllListeners('warning');
  process.on('warning', ({ name, message }) => {
    if (name !== 'ExperimentalWarning') tell(`mixdown: ${name}: ${message}`);
  });
}
