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
    const answers = [...this.#checks].map(async ([name, check]) => {
      const answered = await Promise.race([
        check().then(
          () => true,
          () => false,
        ),
        timeout(timeoutMilliseconds),
      ]);
      return [name, answered ? 'up' : 'down'] as const;
    });
    return Object.fromEntries(await Promise.all(answers));
  }
}

function timeout(milliseconds: number): Promise<false> {
  return new Promise((resolve) => setTimeout(() => resolve(false), milliseconds).unref());
}
