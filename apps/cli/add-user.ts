import { text } from 'node:stream/consumers';
import { NestFactory } from '@nestjs/core';
import { read } from 'read';
import { Accounts, AuthModule, Registration } from '#auth';
import { loadConfig } from '#config';
import { HttpModule, Problem } from '#http';
import { DataFolderUnusable, openPlatform } from '#platform';
import { createLog } from '#telemetry';
import { ExitCode, Failure } from './failure.ts';

interface Options {
  readonly passwordStdin?: true;
  /** The account may administer the service. */
  readonly admin?: true;
}

/** Makes an account on the data folder of DATA_DIR. */
export async function addUser(email: string, { passwordStdin, admin }: Options): Promise<void> {
  const password = passwordStdin === true ? (await text(process.stdin)).replace(/\r?\n$/, '') : await ask();
  const registration = Registration.safeParse({ email, password });
  if (!registration.success) {
    const [issue] = registration.error.issues;
    throw new Failure(`${issue?.path.join('.')}: ${issue?.message}`, ExitCode.wrongUse);
  }
  try {
    const platform = await openPlatform(loadConfig(), createLog('silent'));
    try {
      const imports = [platform.module, HttpModule, AuthModule];
      const app = await NestFactory.createApplicationContext({ module: class {}, imports }, { logger: false });
      const account = await app.get(Accounts).add(registration.data, { isAdmin: admin === true });
      await app.close();
      const role = admin === true ? ' and administers the service' : '';
      process.stdout.write(`${account.email} has the id ${account.id}${role}\n`);
    } finally {
      await platform.close();
    }
  } catch (error) {
    if (error instanceof Problem || error instanceof DataFolderUnusable)
      throw new Failure(error.message, ExitCode.failed);
    throw error;
  }
}

async function ask(): Promise<string> {
  if (!process.stdin.isTTY)
    throw new Failure('there is no terminal to ask for the password: use --password-stdin', ExitCode.wrongUse);
  const password = await read({ prompt: 'Password: ', silent: true });
  if (password !== (await read({ prompt: 'Again: ', silent: true }))) {
    throw new Failure('these are two different passwords', ExitCode.wrongUse);
  }
  return password;
}
