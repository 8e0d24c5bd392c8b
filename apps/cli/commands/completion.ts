import { Argument, Command } from 'commander';
import { examples } from './options.ts';

export function completionCommand(): Command {
  const command = new Command('completion')
    .summary('prints a completion script for your shell')
    .description('Prints a script that completes commands, options and files in your shell.')
    .addArgument(new Argument('<shell>').choices(['bash', 'zsh', 'fish']))
    .action(async (shell, _, self) => {
      const { completionScript } = await import('../completion/completion-script.ts');
      process.stdout.write(completionScript(shell, self.parent ?? self));
    });
  return examples(
    command,
    ['source <(mixdown completion bash)', 'in ~/.bashrc'],
    ['mixdown completion zsh > _mixdown', 'in a folder of your $fpath, once'],
    ['mixdown completion fish > ~/.config/fish/completions/mixdown.fish', 'once'],
  );
}
