import type { CollectionDefinition, IndexDefinition } from '../documents.ts';
import type { EnsureInput } from './operations.ts';

const name = /^[a-z][A-Za-z0-9-]*$/;

/** Names come from the code, never from a client; they are checked all the same, because they become SQL. */
export function checkedName(given: string): string {
  if (!name.test(given)) throw new TypeError(`${JSON.stringify(given)} is not a name of letters, digits and hyphens`);
  return given;
}

/**
 * What absent and null are in an index: below every number, and equal to itself, which NULL is not. No JSON value is
 * minus infinity.
 */
export const absent = '-9e999';

export function tableOf({ name, storedAs }: CollectionDefinition): string {
  return checkedName(storedAs ?? name);
}

export function columnOf(field: string): string {
  return `"field:${checkedName(field)}"`;
}

export function indexName(table: string, index: string): string {
  return `"${checkedName(table)}.${checkedName(index)}"`;
}

/** What a row must fulfil to be in the index, in SQL; a query has to say the same for SQLite to use it. */
export function membership({ fields, unique }: IndexDefinition): string {
  const complete = unique === true ? fields.map((field) => `${columnOf(field)} > ${absent}`) : [];
  return ['document IS NOT NULL', ...complete].join(' AND ');
}

/** The columns that order the index. In a unique one no two documents are equal, so the id has nothing to add. */
export function keyColumns({ fields, unique }: IndexDefinition): readonly string[] {
  const columns = fields.map(columnOf);
  return unique === true ? columns : [...columns, 'id'];
}

export function tableFor(collection: CollectionDefinition): EnsureInput {
  const { indexes } = collection;
  const table = tableOf(collection);
  const definitions = Object.entries(indexes);
  const fields = new Set(definitions.flatMap(([, { fields }]) => fields));
  return {
    table,
    columns: Array.from(fields, (field) => ({
      name: `field:${field}`,
      definition: `${columnOf(field)} ANY AS (ifnull(json_extract(document, '$."${field}"'), ${absent})) VIRTUAL`,
    })),
    // Written as SQLite stores it, so that a definition that has changed is seen by its text.
    indexes: definitions.map(
      ([index, definition]) =>
        `CREATE ${definition.unique === true ? 'UNIQUE ' : ''}INDEX ${indexName(table, index)} ` +
        `ON "${table}" (${keyColumns(definition).join(', ')}) WHERE ${membership(definition)}`,
    ),
  };
}
