import { type Credentials, MixdownClient } from '#client';
import { type CommandLineConfig, loadCommandLineConfig } from '#config';
import { ExitCode, Failure } from '../failure.ts';
import { CredentialsFile, toTokens } from './credentials-file.ts';

export interface ServerOptions {
  readonly server?: string;
}

/** A server that restarts is waited for; one that never was there is not. */
const patienceSeconds = 120;
const firstPatienceSeconds = 2;

/**
 * A client of the server that is meant, as whoever is logged in there.
 * @throws Failure no server is named, or nobody is logged in @throws ServerUnreachable
 */
export async function connect(options: ServerOptions): Promise<MixdownClient> {
  const config = loadCommandLineConfig();
  const file = new CredentialsFile(config.folder);
  const server = await serverOf(options, config, file);
  const credentials = await credentialsOf(server, config, file);
  await new MixdownClient(server, { patienceSeconds: firstPatienceSeconds }).presets();
  return new MixdownClient(server, { credentials, store: file.storeFor(server), patienceSeconds });
}

/** `--server`, else MIXDOWN_SERVER, else the only one that somebody is logged in at. */
export async function serverOf(
  { server }: ServerOptions,
  config: CommandLineConfig,
  file: CredentialsFile,
): Promise<string> {
  const named = server ?? config.server;
  if (named !== undefined) return normalised(named);
  const [only, ...others] = (await file.read()).keys();
  if (only !== undefined && others.length === 0) return only;
  throw new Failure('which server? Give --server URL, or set MIXDOWN_SERVER', ExitCode.wrongUse);
}

async function credentialsOf(
  server: string,
  { token }: CommandLineConfig,
  file: CredentialsFile,
): Promise<NonNullable<Credentials>> {
  if (token !== undefined) return { apiKey: token };
  const login = (await file.read()).get(server);
  if (login !== undefined) return toTokens(login);
  throw new Failure(
    `nobody is logged in at ${server}: run \`mixdown login EMAIL --server ${server}\`, or set MIXDOWN_TOKEN`,
    ExitCode.wrongUse,
    'not-logged-in',
  );
}

function normalised(url: string): string {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new Failure(`${url} is not the URL of a server, like https://mixdown.example.org`, ExitCode.wrongUse);
  }
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`.replace(/\/+$/, '');
}
