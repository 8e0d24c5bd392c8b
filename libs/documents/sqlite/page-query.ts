import type { CollectionDefinition, IndexDefinition, PageOptions } from '../documents.ts';
import { readCursor } from './cursor.ts';
import { absent, columnOf, indexName, keyColumns, membership, tableOf } from './schema.ts';

type Scalar = string | number | boolean | null;
type Parameter = string | number;

export interface Query {
  readonly sql: string;
  readonly parameters: readonly Parameter[];
}

export function indexOf(collection: CollectionDefinition, index: string): IndexDefinition {
  const definition = collection.indexes[index];
  if (definition === undefined) throw new TypeError(`${collection.name} has no index ${index}`);
  return definition;
}

export function listName(collection: CollectionDefinition, index: string): string {
  return `${collection.name}.${index}`;
}

/**
 * The page as a walk along the index: SQLite refuses the statement if it cannot go by it. One document more than asked
 * for tells whether anything follows.
 */
export function pageQuery(collection: CollectionDefinition, options: PageOptions): Query {
  const { sql, parameters } = selection(collection, options);
  const direction = options.order === 'descending' ? 'DESC' : 'ASC';
  const key = keyAfterEquals(indexOf(collection, options.index), options);
  const orderBy = key.length === 0 ? '' : `ORDER BY ${key.map((column) => `${column} ${direction}`).join(', ')}`;
  return {
    sql: `SELECT id, version, document ${sql} ${orderBy} LIMIT ?`,
    parameters: [...parameters, checkedLimit(options.limit) + 1],
  };
}

export function countQuery(collection: CollectionDefinition, options: Omit<PageOptions, 'order' | 'cursor'>): Query {
  const { sql, parameters } = selection(collection, options);
  return {
    sql: `SELECT count(*) AS count FROM (SELECT 1 ${sql} LIMIT ?)`,
    parameters: [...parameters, checkedLimit(options.limit)],
  };
}

function selection(collection: CollectionDefinition, options: PageOptions): Query {
  const table = tableOf(collection);
  const { index, equals = [] } = options;
  const definition = indexOf(collection, index);
  if (equals.length > definition.fields.length) throw new TypeError(`${index} has fewer fields than values were given`);
  const conditions: readonly Query[] = [
    { sql: membership(definition), parameters: [] },
    ...equals.map((value, place) => ({
      sql: `${columnOf(definition.fields[place] ?? '')} = ?`,
      parameters: [parameter(value)],
    })),
    ...boundsOf(definition, options),
    ...afterCursor(collection, definition, options),
  ];
  return {
    sql: `FROM "${table}" INDEXED BY ${indexName(table, index)} WHERE ${conditions.map(({ sql }) => sql).join(' AND ')}`,
    parameters: conditions.flatMap(({ parameters }) => parameters),
  };
}

function boundsOf(definition: IndexDefinition, { equals = [], from, to, order, cursor }: PageOptions): Query[] {
  if (from === undefined && to === undefined) return [];
  const field = definition.fields[equals.length];
  if (field === undefined) throw new TypeError('the index has no field left for bounds');
  // The cursor is the nearer bound. With a plus SQLite checks this one without starting from it.
  const lower = cursor !== undefined && order !== 'descending' ? `+${columnOf(field)}` : columnOf(field);
  const upper = cursor !== undefined && order === 'descending' ? `+${columnOf(field)}` : columnOf(field);
  const conditions: Query[] = [];
  if (from !== undefined) conditions.push({ sql: `${lower} >= ?`, parameters: [bound(from)] });
  if (to !== undefined) conditions.push({ sql: `${upper} < ?`, parameters: [bound(to)] });
  // All numbers are below all strings: the open end stops where the bound's own type does.
  if (from === undefined)
    conditions.push({ sql: typeof to === 'string' ? `${lower} >= ''` : `${lower} > ${absent}`, parameters: [] });
  if (to === undefined && typeof from !== 'string') conditions.push({ sql: `${upper} < ''`, parameters: [] });
  return conditions;
}

function afterCursor(collection: CollectionDefinition, definition: IndexDefinition, options: PageOptions): Query[] {
  const { index, cursor, order, equals = [] } = options;
  if (cursor === undefined) return [];
  const { values, id } = readCursor(cursor, listName(collection, index), definition.fields, equals);
  const key = keyAfterEquals(definition, options);
  // After the only document with these values comes nothing.
  if (key.length === 0) return [{ sql: 'FALSE', parameters: [] }];
  const places = [...values.slice(equals.length).map(parameter), id].slice(0, key.length);
  const operator = order === 'descending' ? '<' : '>';
  return [{ sql: `(${key.join(', ')}) ${operator} (${places.map(() => '?').join(', ')})`, parameters: places }];
}

function keyAfterEquals(definition: IndexDefinition, { equals = [] }: Pick<PageOptions, 'equals'>): readonly string[] {
  return keyColumns(definition).slice(equals.length);
}

function parameter(value: Scalar): Parameter {
  if (value === null) return Number.NEGATIVE_INFINITY;
  return typeof value === 'boolean' ? Number(value) : value;
}

function bound(value: Scalar): Parameter {
  if (value === null) throw new TypeError('a bound is a string, a number or a boolean');
  return parameter(value);
}

function checkedLimit(limit: number): number {
  if (!Number.isSafeInteger(limit) || limit < 1) throw new RangeError(`${limit} is not a limit: it is 1 or more`);
  return limit;
}
