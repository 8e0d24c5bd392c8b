import { configTable, type Setting } from './config-table.ts';

/** The table of the README, in Markdown. Variables that only tests use are left out. */
export function renderConfigTable(): string {
  const rows = Object.values(configTable)
    .filter(({ meaning }) => !meaning.startsWith('For tests'))
    .map(({ name, default: value, meaning, ...more }: Setting) => {
      const shown = more.defaultMeans ?? (value === null || value === '' ? '' : `\`${value}\``);
      return `| \`${name}\` | ${shown} | ${meaning} |`;
    });
  return ['| variable | default | meaning |', '| --- | --- | --- |', ...rows].join('\n');
}
