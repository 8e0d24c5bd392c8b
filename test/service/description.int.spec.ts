import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ProblemCode, problems } from '#contracts';
import { type InProcess, startInProcess } from '../support/in-process.ts';
import { temporaryFolder } from '../support/system.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const redocly = join(root, 'node_modules/@redocly/cli/bin/cli.js');

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let running: InProcess;
let description: string;
beforeAll(async () => {
  folder = await temporaryFolder();
  running = await startInProcess(join(folder.path, 'data'));
  description = await (await fetch(`${running.url}/openapi.json`)).text();
});
afterAll(async () => {
  await running[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

interface Report {
  readonly problems: readonly { readonly ruleId: string; readonly message: string }[];
}

/** What the linter has to say, errors and warnings. */
async function lint(document: string): Promise<Report['problems']> {
  const path = join(folder.path, 'openapi.json');
  await writeFile(path, document);
  const args = [redocly, 'lint', path, '--format=json', `--config=${join(root, 'redocly.yaml')}`];
  const env = { PATH: process.env.PATH, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
  // It ends with 1 when it finds errors, which are in its output all the same.
  const { stdout } = await promisify(execFile)(process.execPath, args, { env, cwd: folder.path }).catch(
    (error: { readonly stdout: string }) => error,
  );
  return (JSON.parse(stdout) as Report).problems;
}

describe('the description', () => {
  it('is OpenAPI 3.1 without anything to complain of', async () => expect(await lint(description)).toEqual([]));

  it('would be complained of', async () => {
    const found = await lint(description.replace('"summary":', '"x-summary":'));
    expect(found.map(({ ruleId }) => ruleId)).toContain('operation-summary');
  });

  it.each(Object.keys(problems))('tells where %s may come', (code) => {
    expect(description).toMatch(new RegExp(`"enum":\\[[^\\]]*"${code}"[^\\]]*\\]\\}\\}|\`${code}\``));
  });
});

describe('the page of a problem', () => {
  it.each(Object.keys(problems) as ProblemCode[])('%s has its cause and its cure', async (code) => {
    const address = `${running.url}/problems/${code}`;
    const { title, cause, cure } = problems[code];
    const asJson = await fetch(address, { headers: { accept: 'application/json' } });
    expect(await asJson.json()).toMatchObject({ type: `/problems/${code}`, code, title, cause, cure });
    const page = await fetch(address, { headers: { accept: 'text/html' } });
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const html = await page.text();
    for (const text of [title, cause, cure]) expect(textOf(html)).toContain(text.replaceAll('`', ''));
    expectWellFormed(html);
  });
});

function textOf(html: string): string {
  const text = html.replaceAll(/<[^>]*>/g, '');
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

const withoutEnd = new Set(['meta', '!doctype']);

/** Every element ends where it must, and every `&` begins a reference. */
function expectWellFormed(html: string): void {
  const open: string[] = [];
  for (const [, end, name = ''] of html.matchAll(/<(\/?)([!a-z0-9]+)[^<>]*>/g)) {
    if (withoutEnd.has(name)) continue;
    if (end === '') open.push(name);
    else expect(open.pop()).toBe(name);
  }
  expect(open).toEqual([]);
  expect(html.replaceAll(/<\/?[!a-z0-9]+[^<>]*>/g, '')).not.toMatch(/[<>]|&(?!(amp|lt|gt|quot);)/);
}
