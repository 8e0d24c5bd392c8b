import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A connection on which a test says exactly what it wants, and when. */
export class RawHttp {
  #text = '';
  readonly #changed = new EventTarget();
  isClosed = false;
  error: Error | null = null;

  private constructor(readonly socket: Socket) {
    socket.setEncoding('latin1').on('data', (text: string) => {
      this.#text += text;
      this.#changed.dispatchEvent(new Event('change'));
    });
    socket.on('error', (error) => {
      this.error = error;
    });
    socket.once('close', () => {
      this.isClosed = true;
      this.#changed.dispatchEvent(new Event('change'));
    });
  }

  static async open(port: number): Promise<RawHttp> {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    await once(socket, 'connect');
    return new RawHttp(socket);
  }

  /** Head of a request; header lines without their line ends. */
  head(line: string, ...headers: readonly string[]): this {
    return this.send(`${[`${line} HTTP/1.1`, 'Host: here', ...headers].join('\r\n')}\r\n\r\n`);
  }

  send(bytes: string | Buffer): this {
    this.socket.write(bytes);
    return this;
  }

  /** Resolves with everything received so far as soon as it matches. @throws the connection ended before */
  async until(pattern: RegExp): Promise<string> {
    while (!pattern.test(this.#text)) {
      if (this.isClosed) throw new Error(`closed, having said ${JSON.stringify(this.#text)}`);
      await once(this.#changed, 'change');
    }
    return this.#text;
  }

  /** The status and the problem's code, once both are there. */
  async answer(): Promise<[number, string]> {
    const text = await this.until(/^HTTP\/1\.1 [2-5][\s\S]*\r\n\r\n[\s\S]*}$/);
    return [Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1]), /"code":"([a-z-]+)"/.exec(text)?.[1] ?? ''];
  }

  async closed(): Promise<void> {
    while (!this.isClosed) await once(this.#changed, 'change');
  }
}
