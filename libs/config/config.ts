import type { z } from 'zod';
import { configTable, type Setting } from './config-table.ts';

type ValuesOf<Table extends Readonly<Record<string, Setting>>> = {
  readonly [F in keyof Table]: z.output<Table[F]['schema']>;
};
export type Environment = Readonly<Record<string, string | undefined>>;
type Values = ValuesOf<typeof configTable>;

/** The configuration, read once and never changed. */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the fields are those of the table, which the constructor takes
export class Config {
  constructor(values: Values) {
    Object.assign(this, values);
    Object.freeze(this);
  }
}
export interface Config extends Values {}

/** A variable has a value that it cannot have. The message is for whoever starts the program. */
export class InvalidConfig extends Error {
  readonly code = 'invalid-config';
  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'InvalidConfig';
  }
}

/**
 * @param environment `process.env`, or a part of it; an empty variable counts as one that is not there
 * @throws {@link InvalidConfig} naming every variable that is wrong, its value and what it may be
 */
export function loadConfig(environment: Environment = process.env): Config {
  return new Config(readTable(configTable, environment));
}

/** The values of a table's variables. @throws {@link InvalidConfig} */
export function readTable<Table extends Readonly<Record<string, Setting>>>(
  table: Table,
  environment: Environment,
): ValuesOf<Table> {
  const problems: string[] = [];
  const values = Object.entries(table).map(([field, setting]: [string, Setting]) => {
    const given = environment[setting.name];
    const parsed = setting.schema.safeParse(
      given === undefined || given === '' ? (setting.default ?? undefined) : given,
    );
    if (!parsed.success) problems.push(sentence(setting, given, parsed.error.issues));
    return [field, parsed.data];
  });
  if (problems.length > 0) throw new InvalidConfig(problems);
  return Object.fromEntries(values) as ValuesOf<Table>;
}

function sentence({ name, meaning }: Setting, given: string | undefined, issues: readonly z.core.$ZodIssue[]): string {
  const shown = /SECRET|TOKEN/.test(name) ? 'the given value' : JSON.stringify(given);
  return `${name} (${meaning}) cannot be ${shown}: ${wanted(issues).join('; ')}.`;
}

/** What it may be: of alternatives, what each of them says. */
function wanted(issues: readonly z.core.$ZodIssue[]): readonly string[] {
  const messages = issues.flatMap((issue) =>
    issue.code === 'invalid_union' && issue.message === 'Invalid input'
      ? issue.errors.flatMap((alternative) => wanted(alternative))
      : [issue.message],
  );
  return [...new Set(messages)];
}
