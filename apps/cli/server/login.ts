import { text } from 'node:stream/consumers';
import { read } from 'read';
import { MixdownClient } from '#client';
import { loadCommandLineConfig } from '#config';
import { ExitCode, Failure } from '../failure.ts';
import { say, sayJson } from '../print.ts';
import { type ServerOptions, serverOf } from './connect.ts';
import { CredentialsFile } from './credentials-file.ts';

interface LoginOptions extends ServerOptions {
  readonly passwordStdin?: true;
  readonly json?: true;
  readonly quiet?: true;
}

/** Keeps what the server gives for e-mail address and password; the password itself is not kept. */
export async function login(email: string, { passwordStdin, json, quiet, ...options }: LoginOptions): Promise<void> {
  const config = loadCommandLineConfig();
  const file = new CredentialsFile(config.folder);
  const server = await serverOf(options, config, file);
  const password = passwordStdin === true ? (await text(process.stdin)).replace(/\r?\n$/, '') : await ask();
  const tokens = await new MixdownClient(server, { patienceSeconds: 10 }).login(email, password);
  await file.set(server, { email, ...tokens });
  if (json === true) sayJson({ server, email, savedIn: file.path });
  else if (quiet !== true) say(`${email} is logged in at ${server}; ${file.path} remembers it`);
}

/** Ends the session at the server, and forgets it here in any case. */
export async function logout({ json, quiet, ...options }: Omit<LoginOptions, 'passwordStdin'>): Promise<void> {
  const config = loadCommandLineConfig();
  const file = new CredentialsFile(config.folder);
  const server = await serverOf(options, config, file);
  const stored = (await file.read()).get(server);
  if (stored === undefined) throw new Failure(`nobody is logged in at ${server}`, ExitCode.wrongUse, 'not-logged-in');
  const { refreshToken, accessToken } = stored;
  const credentials = { accessToken, ...(refreshToken === undefined ? {} : { refreshToken }) };
  try {
    await new MixdownClient(server, { credentials, patienceSeconds: 0 }).logout();
  } finally {
    await file.set(server, null);
  }
  if (json === true) sayJson({ server, email: stored.email });
  else if (quiet !== true) say(`${stored.email} is logged out at ${server}`);
}

async function ask(): Promise<string> {
  if (!process.stdin.isTTY) {
    throw new Failure('there is no terminal to ask for the password: use --password-stdin', ExitCode.wrongUse);
  }
  return read({ prompt: 'Password: ', silent: true });
}
