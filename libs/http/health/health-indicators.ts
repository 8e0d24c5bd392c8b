import { Injectable } from '@nestjs/common';

type Check = () => Promise<unknown>;

/** What a process needs to be of use; each part says by itself how it is asked. */
@Injectable()
export class HealthIndicators {
  readonly #checks = new Map<string, Check>();

  register(name: string, check: Check): void {
    this.#checks.set(name, check);
  }

  /** @returns for each part whether it answered, in time and without an error */
  async ask(timeoutMilliseconds: number): Promise<Readonly<Record<string, 'up' | 'down'>>> {
    const answers = [...this.#checks].map(
      async ([name, check]) => [name, (await answersInTime(check, timeoutMilliseconds)) ? 'up' : 'down'] as const,
    );
    return Object.fromEntries(await Promise.all(answers));
  }
}

/** A check that throws instead of rejecting has answered, too. */
async function answersInTime(check: Check, milliseconds: number): Promise<boolean> {
  const { promise: tooLate, resolve } = Promise.withResolvers<false>();
  const timer = setTimeout(() => resolve(false), milliseconds);
  const answer = (async () => check())().then(
    () => true,
    () => false,
  );
  try {
    return await Promise.race([answer, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
