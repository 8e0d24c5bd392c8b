import type { Command } from 'commander';

/** What may be typed after a command. */
export interface CommandWords {
  /** The words that lead to it, without the program's name. */
  readonly path: readonly string[];
  readonly words: readonly { readonly word: string; readonly does: string; readonly takesValue: boolean }[];
  /** Of its first argument, where only certain ones are known. */
  readonly choices: readonly string[];
  readonly takesFiles: boolean;
}

/** Every command of the tree, the program first. */
export function commandWords(command: Command, path: readonly string[] = []): readonly CommandWords[] {
  const subcommands = command.commands.map((sub) => ({
    ...{ word: sub.name(), does: sub.summary() || sub.description(), takesValue: false },
  }));
  const visible = command.createHelp().visibleOptions(command);
  const options = visible.flatMap((option) =>
    [option.long, option.short].flatMap((flag) =>
      flag === undefined ? [] : [{ word: flag, does: option.description, takesValue: option.required }],
    ),
  );
  const [argument] = command.registeredArguments;
  const own: CommandWords = {
    path,
    words: [...subcommands, ...options].map((entry) => ({ ...entry, does: firstLine(entry.does) })),
    choices: argument?.argChoices ?? [],
    takesFiles: command.registeredArguments.some((one) => ['video', 'out'].includes(one.name())),
  };
  return [own, ...command.commands.flatMap((sub) => commandWords(sub, [...path, sub.name()]))];
}

function firstLine(text: string): string {
  return text.split('\n')[0]?.replace(/\.$/, '') ?? '';
}
