import { interruption } from '../interruption.ts';
import { say, sayJson } from '../print.ts';
import { maintain } from './stores.ts';

interface RebuildOptions {
  readonly json?: true;
  readonly quiet?: true;
}

/** Folds the read models anew, and prints each as it is done. */
export async function rebuild({ json, quiet }: RebuildOptions): Promise<void> {
  using interrupted = interruption();
  for await (const told of maintain('rebuild', interrupted.signal)) {
    if (told.type !== 'rebuilt') continue;
    if (json === true) sayJson(told);
    else if (quiet !== true) say(`${told.readModel}: rebuilt in ${told.seconds.toFixed(1)} s`);
  }
  interrupted.signal.throwIfAborted();
}
