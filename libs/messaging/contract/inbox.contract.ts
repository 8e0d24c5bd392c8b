import type { Json } from '#contracts';
import type { Handler, Message } from '../bus.ts';

/** What came to a handler, and how to wait for it. */
export class Inbox {
  readonly messages: Message[] = [];
  readonly #waiting = new Set<() => void>();

  readonly take: Handler = async (message) => {
    this.messages.push(message);
    for (const wake of this.#waiting) wake();
  };

  get values(): readonly Json[] {
    return this.messages.map(({ value }) => value);
  }

  async until(isEnough: () => boolean): Promise<void> {
    while (!isEnough()) {
      await new Promise<void>((resolve) => {
        const wake = () => {
          this.#waiting.delete(wake);
          resolve();
        };
        this.#waiting.add(wake);
      });
    }
  }

  count(n: number): Promise<void> {
    return this.until(() => this.messages.length >= n);
  }
}
