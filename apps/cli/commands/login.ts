import { Command } from 'commander';
import { examples, withOutput, withServer } from './options.ts';

const json = 'print what was done as JSON';

export function loginCommand(): Command {
  const command = new Command('login')
    .summary('remembers who you are at a server')
    .description(
      `Logs in and keeps the tokens in $XDG_CONFIG_HOME/mixdown/credentials.json (default ~/.config), readable by you alone.
The password is not kept. For scripts, MIXDOWN_TOKEN with an access token or API key goes before it.`,
    )
    .argument('<email>', 'your e-mail address there')
    .option('--password-stdin', 'read the password from standard input instead of asking for it')
    .action(async (email, options) => (await import('../server/login.ts')).login(email, options));
  return examples(withOutput(withServer(command), json), [
    'mixdown login me@example.org --server http://127.0.0.1:8080',
    'asks for the password',
  ]);
}

export function logoutCommand(): Command {
  const command = new Command('logout')
    .summary('ends the session at a server')
    .description('Ends the session at the server and forgets its tokens.')
    .action(async (options) => (await import('../server/login.ts')).logout(options));
  return examples(withOutput(withServer(command), json), [
    'mixdown logout --server http://127.0.0.1:8080',
    'of several',
  ]);
}
