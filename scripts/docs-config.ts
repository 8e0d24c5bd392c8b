/** Writes the table of configuration into the README: `npm run docs:config`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { renderConfigTable } from '#config';

const readme = new URL('../README.md', import.meta.url);
const text = readFileSync(readme, 'utf8');
const marked = /(<!-- config:begin -->\n)[\s\S]*?\n?(<!-- config:end -->)/;
writeFileSync(
  readme,
  text.replace(marked, (_all, begin: string, end: string) => `${begin}${renderConfigTable()}\n${end}`),
);
