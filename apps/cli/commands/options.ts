import { type Command, InvalidArgumentError } from 'commander';

/** What every command that prints something takes. */
export function withOutput(command: Command, json = 'print the status document as JSON'): Command {
  return command.option('--json', json).option('--quiet', 'print nothing but errors');
}

/** What every command that talks to a server takes. */
export function withServer(command: Command): Command {
  return command.option('--server <url>', 'the server; default: MIXDOWN_SERVER, or the one that you are logged in at');
}

export function examples(command: Command, ...lines: readonly (readonly [line: string, does: string])[]): Command {
  const width = Math.max(...lines.map(([line]) => line.length));
  const shown = lines.map(([line, does]) => `  ${line.padEnd(width)}  ${does}`);
  return command.addHelpText('after', `\nExamples:\n${shown.join('\n')}`);
}

/** For commander: a whole number in a range. */
export function whole(from: number, to: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= from && value <= to) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${from} to ${to}.`);
  };
}
