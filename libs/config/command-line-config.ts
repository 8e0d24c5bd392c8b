import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { readTable } from './config.ts';
import { setting, text, webAddress } from './config-table.ts';

/** What the commands that talk to a server read: whoever runs the service has nothing to do with it. */
export const commandLineTable = {
  server: setting('MIXDOWN_SERVER', webAddress.optional(), null, 'The server of commands that are given none'),
  token: setting(
    'MIXDOWN_TOKEN',
    text.regex(/^[\x21-\x7e]+$/, 'visible ASCII characters').optional(),
    null,
    'An access token or API key, instead of that of `mixdown login`',
  ),
  configHome: setting('XDG_CONFIG_HOME', text.optional(), null, 'Where the folder `mixdown` with credentials is'),
  terminal: setting('TERM', text.optional(), null, 'With `dumb` there is no progress bar'),
};

export interface CommandLineConfig {
  readonly server: string | undefined;
  readonly token: string | undefined;
  /** The folder of credentials: it may not be there. */
  readonly folder: string;
  readonly isDumbTerminal: boolean;
}

/** @throws InvalidConfig */
export function loadCommandLineConfig(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): CommandLineConfig {
  const { server, token, configHome, terminal } = readTable(commandLineTable, environment);
  // XDG Base Directory Specification: a path that is not absolute is to be ignored.
  const base = configHome !== undefined && isAbsolute(configHome) ? configHome : join(homedir(), '.config');
  return { server, token, folder: join(base, 'mixdown'), isDumbTerminal: terminal === 'dumb' };
}
