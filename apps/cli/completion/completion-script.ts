import type { Command } from 'commander';
import { type CommandWords, commandWords } from './command-words.ts';

/** A script for the shell that completes the program's commands, options and files. Nothing is run at each Tab. */
export function completionScript(shell: 'bash' | 'zsh' | 'fish', program: Command): string {
  const commands = commandWords(program);
  const name = program.name();
  switch (shell) {
    case 'bash':
      return bash(name, commands);
    case 'zsh':
      // zsh completes by bash's own scripts.
      return `#compdef ${name}\nautoload -Uz bashcompinit && bashcompinit\n${bash(name, commands)}`;
    case 'fish':
      return fish(name, commands);
  }
}

function bash(name: string, commands: readonly CommandWords[]): string {
  const cases = commands.map(({ path, words, choices, takesFiles }) => {
    const offered = [...words.map(({ word }) => word), ...choices].join(' ');
    return `    ${quoted(path.join(' '))}) words=${quoted(offered)} files=${takesFiles ? 'yes' : ''} ;;`;
  });
  const known = commands.filter(({ path }) => path.length > 0).map(({ path }) => quoted(path.join(' ')));
  const valued = commands.flatMap(({ words }) => words.filter(({ takesValue }) => takesValue).map(({ word }) => word));
  return `_${name}() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} path='' next word words files i
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    next=\${path:+$path }$word
    case $next in
    ${known.join('|')}) path=$next ;;
    esac
  done
  COMPREPLY=()
  case $previous in
  ${[...new Set(valued)].join('|')}) COMPREPLY=($(compgen -f -- "$current")); return ;;
  esac
  case $path in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  if [[ -n $files ]]; then
    local IFS=$'\\n'
    COMPREPLY+=($(compgen -f -- "$current"))
    compopt -o filenames 2>/dev/null
  fi
}
complete -F _${name} ${name}
`;
}

function fish(name: string, commands: readonly CommandWords[]): string {
  const lines = [`complete -c ${name} -f`];
  for (const { path, words, choices, takesFiles } of commands) {
    const children = commands.filter((other) => other.path.length === path.length + 1 && startsWith(other.path, path));
    const here = [
      ...path.map((word) => `__fish_seen_subcommand_from ${word}`),
      ...(children.length === 0
        ? []
        : [`not __fish_seen_subcommand_from ${children.map((sub) => sub.path.at(-1)).join(' ')}`]),
    ].join('; and ');
    const condition = here === '' ? '' : ` -n ${quoted(here)}`;
    for (const { word, does, takesValue } of words) {
      const flag = word.startsWith('--')
        ? `-l ${word.slice(2)}`
        : word.startsWith('-')
          ? `-s ${word.slice(1)}`
          : `-a ${word}`;
      lines.push(`complete -c ${name}${condition} ${flag}${takesValue ? ' -r' : ''} -d ${quoted(does)}`);
    }
    if (choices.length > 0) lines.push(`complete -c ${name}${condition} -a ${quoted(choices.join(' '))}`);
    if (takesFiles) lines.push(`complete -c ${name}${condition} -F`);
  }
  return `${lines.join('\n')}\n`;
}

function startsWith(path: readonly string[], start: readonly string[]): boolean {
  return start.every((word, index) => path[index] === word);
}

/** For all three shells: in single quotes nothing means anything but the quote. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
