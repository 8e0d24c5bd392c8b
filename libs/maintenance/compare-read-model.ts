import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '#clock';
import type { JsonObject } from '#contracts';
import type { CollectionDefinition, Documents, Scanned } from '#documents';
import { type ReadModel, type ReadModels } from '#projections';
import type { Finding } from './verification.ts';

type Row = Scanned<JsonObject> | null;

const lookAgainMilliseconds = 250;

/** Both of a pair: what serves, and what the log says. */
interface Both {
  readonly serving: Documents;
  readonly folded: Documents;
}

/**
 * What of a read model differs from what the log says: it is folded anew beside the present one, and both are walked
 * together.
 *
 * @param patienceMilliseconds while the log grows, one of the two may be ahead: a document counts as wrong when it has
 * been for so long
 * @param onCompared called for every document
 */
export async function* compareReadModel(
  model: ReadModel,
  readModels: ReadModels,
  clock: Clock,
  patienceMilliseconds: number,
  onCompared: () => void,
): AsyncGenerator<Finding, void, void> {
  await using scratch = await readModels.foldBeside(model);
  const both: Both = { serving: await readModels.of(model), folded: scratch.documents };
  for (const collection of model.collections) {
    for await (const [id, serving, folded] of pairs(both, collection)) {
      onCompared();
      if (isSame(serving, folded)) continue;
      const differs = await lookAgain(both, collection, id, clock, patienceMilliseconds);
      if (differs !== null) {
        yield { kind: 'read-model', readModel: model.name, collection: collection.name, id, detail: differs };
      }
    }
  }
}

/** Documents of the same id side by side, in the order of the ids. */
async function* pairs(
  { serving, folded }: Both,
  collection: CollectionDefinition,
): AsyncGenerator<readonly [id: string, serving: Row, folded: Row], void, void> {
  const [left, right] = [serving.scan(collection), folded.scan(collection)].map((rows) => rows[Symbol.asyncIterator]());
  if (left === undefined || right === undefined) return;
  let [a, b] = [await left.next(), await right.next()];
  while (a.done !== true || b.done !== true) {
    const [x, y] = [a.done === true ? null : a.value, b.done === true ? null : b.value];
    // Compared as the stores order them: by code units, since ids are ASCII.
    const isLeft = x !== null && (y === null || x.id <= y.id);
    const isRight = y !== null && (x === null || y.id <= x.id);
    yield [(isLeft ? x : y)?.id ?? '', isLeft ? x : null, isRight ? y : null];
    if (isLeft) a = await left.next();
    if (isRight) b = await right.next();
  }
}

/** @returns what is wrong; null when it came right */
async function lookAgain(
  both: Both,
  collection: CollectionDefinition,
  id: string,
  clock: Clock,
  patienceMilliseconds: number,
): Promise<string | null> {
  for (let waited = 0; ; waited += lookAgainMilliseconds) {
    const [serving, folded] = [await one(both.serving, collection, id), await one(both.folded, collection, id)];
    if (isSame(serving, folded)) return null;
    if (waited >= patienceMilliseconds) return difference(serving, folded);
    await clock.sleep(lookAgainMilliseconds);
  }
}

async function one(documents: Documents, collection: CollectionDefinition, id: string): Promise<Row> {
  for await (const row of documents.scan(collection, id)) return row.id === id ? row : null;
  return null;
}

function isSame(serving: Row, folded: Row): boolean {
  return isDeepStrictEqual(serving, folded);
}

function difference(serving: Row, folded: Row): string {
  if (serving === null) return 'it is missing';
  if (folded === null) return 'there should be no such document';
  if (serving.revision !== folded.revision) {
    return `it tells of revision ${serving.revision}, and the log of revision ${folded.revision}`;
  }
  const fields = [...new Set([...Object.keys(serving.document), ...Object.keys(folded.document)])];
  const wrong = fields.filter((field) => !isDeepStrictEqual(serving.document[field], folded.document[field]));
  return `it differs from the log in ${wrong.join(', ')}`;
}
