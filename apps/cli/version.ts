import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';

/** Of this installation: what its package.json says, from wherever this file was built to. */
export function version(): string {
  const path = findPackageJSON('..', import.meta.url);
  if (path === undefined) throw new Error('there is no package.json above this file');
  const { version } = JSON.parse(readFileSync(path, 'utf8')) as { version: string };
  return version;
}
