import type { ReadModels } from '#projections';
import type { Subjects } from './subjects.ts';

/** What a rebuild tells on its way. */
export type Rebuilt =
  | { readonly type: 'rebuilding'; readonly readModel: string }
  | { readonly type: 'rebuilt'; readonly readModel: string; readonly seconds: number };

/**
 * Folds every read model anew from the log, one after the other, while the present ones serve. Records are not touched.
 *
 * @param isAlone nobody reads them meanwhile
 * @throws RebuildInterrupted | what a fold failed with: that read model and those after it are as they were
 */
export async function* rebuild(
  readModels: ReadModels,
  { readModels: models }: Subjects,
  isAlone: boolean,
): AsyncGenerator<Rebuilt, void, void> {
  for (const model of models) {
    const begun = performance.now();
    yield { type: 'rebuilding', readModel: model.name };
    await readModels.rebuild(model, { isAlone });
    yield { type: 'rebuilt', readModel: model.name, seconds: (performance.now() - begun) / 1_000 };
  }
}
