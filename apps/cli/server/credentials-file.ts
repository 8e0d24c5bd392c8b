import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { TokenStore, Tokens } from '#client';
import { FileLock } from '#sqlite';
import { ExitCode, Failure } from '../failure.ts';

const Login = z.object({
  email: z.string(),
  accessToken: z.string(),
  refreshToken: z.string().optional(),
  expiresAt: z.number().optional(),
});
export type Login = z.infer<typeof Login>;
const Credentials = z.object({ servers: z.record(z.string(), Login) });
type Credentials = z.infer<typeof Credentials>;

const lockPollMilliseconds = 20;
const lockMilliseconds = 30_000;

/** Who is logged in where: `credentials.json`, for its owner alone. */
export class CredentialsFile {
  readonly path: string;

  constructor(private readonly folder: string) {
    this.path = join(folder, 'credentials.json');
  }

  /** By server. @throws Failure the file is damaged */
  async read(): Promise<ReadonlyMap<string, Login>> {
    return new Map(Object.entries((await this.#read()).servers));
  }

  /** @param login null forgets it */
  async set(server: string, login: Login | null): Promise<void> {
    await this.#exclusively(() => this.#write(server, login));
  }

  /** Where renewed tokens of that server go; of several commands that run at once, one renews them for all. */
  storeFor(server: string): TokenStore {
    return {
      renew: (renew) =>
        this.#exclusively(async () => {
          const stored = (await this.read()).get(server) ?? null;
          const tokens = await renew(stored && toTokens(stored));
          if (stored !== null) await this.#write(server, { email: stored.email, ...tokens });
          return tokens;
        }),
    };
  }

  async #read(): Promise<Credentials> {
    const text = await readFile(this.path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    if (text === null) return { servers: {} };
    try {
      return Credentials.parse(JSON.parse(text));
    } catch {
      throw new Failure(`${this.path} is damaged: remove it and log in again`, ExitCode.failed, 'credentials-damaged');
    }
  }

  /** Readable by its owner from the first moment on, and whole at any moment. */
  async #write(server: string, login: Login | null): Promise<void> {
    const { [server]: _, ...others } = (await this.#read()).servers;
    const servers = login === null ? others : { ...others, [server]: login };
    const part = `${this.path}.${randomUUID()}`;
    try {
      {
        await using file = await open(part, 'wx', 0o600);
        await file.writeFile(`${JSON.stringify({ servers } satisfies Credentials, null, 2)}\n`);
        await file.sync();
      }
      await rename(part, this.path);
    } finally {
      await rm(part, { force: true });
    }
  }

  async #exclusively<T>(work: () => Promise<T>): Promise<T> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const lock = await this.#lock();
    try {
      return await work();
    } finally {
      lock.release();
    }
  }

  async #lock(): Promise<FileLock> {
    const until = performance.now() + lockMilliseconds;
    for (;;) {
      const lock = FileLock.take(join(this.folder, 'lock'));
      if (lock !== null) return lock;
      if (performance.now() > until) throw new Failure(`${this.folder} is in use by another mixdown`, ExitCode.failed);
      await delay(lockPollMilliseconds);
    }
  }
}

export function toTokens({ accessToken, refreshToken, expiresAt }: Login): Tokens {
  return {
    accessToken,
    ...(refreshToken === undefined ? {} : { refreshToken }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  };
}
