import { basename } from 'node:path';
import { MultiBar, type SingleBar } from 'cli-progress';
import { visible } from '../print.ts';
import type { Progress } from './converter.ts';

const longestName = 40;
/** What a line has besides the name and the bar. */
const otherColumns = 34;
const leastBar = 10;

/** A bar for each file that is worked on, on standard error, so that the output stays clean. */
export class ProgressBars implements Disposable {
  readonly #bars: MultiBar | null;
  readonly #afterwards: (() => void)[] = [];

  /** @param isShown false: nothing is drawn */
  constructor(isShown: boolean) {
    const { stderr } = process;
    this.#bars = isShown
      ? new MultiBar({
          ...{ stream: stderr, clearOnComplete: true, hideCursor: true, gracefulExit: false, noTTYOutput: false },
          ...{ barsize: barColumns(stderr.columns), format: '{name} [{bar}] {percent}% {doing} {left}' },
          ...{ barCompleteChar: '=', barIncompleteChar: ' ' },
        })
      : null;
  }

  /** @returns how its progress is told */
  add(path: string): { update(progress: Progress): void; remove(): void } {
    const bars = this.#bars;
    if (bars === null) return { update() {}, remove() {} };
    const name = shortened(visible(basename(path)), nameColumns(process.stderr.columns));
    const bar: SingleBar = bars.create(100, 0, { name, percent: '0', doing: 'starting', left: '' });
    return {
      update({ phase, percent, eta }) {
        const whole = Math.floor(percent);
        bar.update(whole, { name, percent: String(whole).padStart(3), doing: phase, left: timeLeft(eta) });
      },
      remove() {
        bars.remove(bar);
      },
    };
  }

  /** Prints at once, or on the terminal where bars are drawn when they are gone: they clear the lines that they were on. */
  print(stream: NodeJS.WriteStream, line: () => void): void {
    if (this.#bars !== null && stream.isTTY) this.#afterwards.push(line);
    else line();
  }

  [Symbol.dispose](): void {
    this.#bars?.stop();
    for (const line of this.#afterwards.splice(0)) line();
  }
}

/** Nothing where nothing is known: a guess would be worse. */
export function timeLeft(eta: number | null): string {
  if (eta === null) return '';
  const seconds = Math.ceil(eta);
  if (seconds < 60) return `${seconds} s left`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 60 ? `${minutes} min left` : `${Math.floor(minutes / 60)} h ${minutes % 60} min left`;
}

function nameColumns(columns = 80): number {
  return Math.max(8, Math.min(longestName, columns - otherColumns - leastBar));
}

function barColumns(columns = 80): number {
  return Math.max(leastBar, Math.min(40, columns - nameColumns(columns) - otherColumns));
}

function shortened(name: string, columns: number): string {
  const characters = [...name];
  return characters.length <= columns ? name : `${characters.slice(0, columns - 1).join('')}…`;
}
