import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeMedia, sampleCountOf } from '#testing/media';
import { CommandLine, type CommandOptions, type Ended, mixdown } from '../support/command-line.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mixdown-cli-'));
});
afterEach(() => rm(folder, { recursive: true }));

const run = (args: readonly string[], options: Partial<CommandOptions> = {}): Promise<Ended> =>
  mixdown(args, { cwd: folder, ...options });

async function video(name: string, seconds = 2): Promise<string> {
  await copyFile(await makeMedia('mov-pcm', { seconds }), join(folder, name));
  return name;
}

/** What the command wrote, besides the videos. */
async function left(): Promise<readonly string[]> {
  return (await readdir(folder)).filter((name) => !/\.(mov|mp4)$/.test(name)).sort();
}

describe('convert', () => {
  it('writes the MP3 beside the video, whole and to the sample, and leaves nothing else', async () => {
    const name = await video('holiday.mov');
    const before = await stat(join(folder, name));
    expect(await run(['convert', name])).toEqual({ code: 0, stdout: 'holiday.mov -> holiday.mp3\n', stderr: '' });
    expect(await left()).toEqual(['holiday.mp3']);
    expect(await sampleCountOf(join(folder, 'holiday.mp3'))).toBe(await sampleCountOf(join(folder, name)));
    const { mode, mtimeMs, nlink } = await stat(join(folder, name));
    expect({ mode, mtimeMs, nlink }).toEqual({ mode: before.mode, mtimeMs: before.mtimeMs, nlink: 1 });
  });

  it('tells scripts everything, on one line', async () => {
    const { code, stdout, stderr } = await run(['convert', await video('a.mov'), 'b.mp3', '--json', '--cbr', '128']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const status = JSON.parse(stdout);
    expect(status).toMatchObject({ input: 'a.mov', savedAs: 'b.mp3', status: 'completed' });
    expect(status).toMatchObject({ settings: { quality: { kbps: 128 } } });
    const bytes = await readFile(join(folder, 'b.mp3'));
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(status.output.sha256);
  });

  it('takes several, into a folder, and goes on after one that fails', async () => {
    await mkdir(join(folder, 'music'));
    await video('a.mov');
    await writeFile(join(folder, 'b.mp4'), 'no video');
    await video('c.mov');
    const { code, stdout, stderr } = await run(['convert', 'a.mov', 'b.mp4', 'c.mov', '-o', 'music']);
    expect(code).toBe(1);
    expect(stdout.split('\n').sort()).toEqual(['', 'a.mov -> music/a.mp3', 'c.mov -> music/c.mp3']);
    expect(stderr).toMatch(/b\.mp4: .*\(not-media\)\nmixdown: 1 of 3 could not be converted/);
    expect(await readdir(join(folder, 'music'))).toEqual(['a.mp3', 'c.mp3']);
  });

  it.each(['-dash.mov', 'line\nbreak.mov', 'Überraschung 🎉.mov', '\u001b[31mred.mov'])(
    'takes the name %j',
    async (name) => {
      await video(name);
      const { code, stdout } = await run(['convert', '--', name]);
      expect(code).toBe(0);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: none of them may be there
      expect(stdout.trimEnd()).not.toMatch(/[\u0000-\u001f]/);
      expect(await left()).toEqual([name.replace(/mov$/, 'mp3')]);
    },
  );

  it('reads through a symbolic link', async () => {
    await video('real.mov');
    await symlink('real.mov', join(folder, 'link.mov'));
    expect(await run(['convert', 'link.mov'])).toMatchObject({ code: 0 });
    expect(await left()).toEqual(['link.mp3']);
  });

  it('never writes over a file, unless it is told to', async () => {
    await video('a.mov');
    await writeFile(join(folder, 'a.mp3'), 'mine');
    const refused = await run(['convert', 'a.mov', '--json']);
    expect(refused).toMatchObject({ code: 2, stderr: 'mixdown: a.mp3 is there already: --force writes over it\n' });
    expect(JSON.parse(refused.stdout)).toMatchObject({ error: { code: 'output-exists' } });
    expect(await readFile(join(folder, 'a.mp3'), 'utf8')).toBe('mine');
    expect(await run(['convert', 'a.mov', '--force'])).toMatchObject({ code: 0 });
    expect((await stat(join(folder, 'a.mp3'))).size).toBeGreaterThan(1_000);
  });

  it('fails for a file that is no video, and says why, without a file', async () => {
    await writeFile(join(folder, 'trap.mp4'), '#EXTM3U\nfile:///etc/passwd\n');
    const { code, stdout, stderr } = await run(['convert', 'trap.mp4', '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'failed', savedAs: null, error: { code: 'not-media' } });
    expect(stderr).toMatch(/^mixdown: trap\.mp4: .*\(not-media\)\n$/);
    expect(await left()).toEqual([]);
  });

  it.each([
    [['convert'], /missing required argument/],
    [['convert', 'none.mp4'], /there is no file none\.mp4/],
    [['convert', '.'], /not a file/],
    [['convert', 'a.mov', '--vbr', '11'], /--vbr: /],
    [['convert', 'a.mov', '--vbr', '2', '--cbr', '320'], /not both/],
    [['convert', 'a.mov', '--jobs', '0'], /whole number/],
    [['convert', 'a.mov', 'a.mov', '-o', 'none/x.mp3'], /several videos need a folder/],
    [['convert', 'a.mov', '-o', 'none/x.mp3', '--trim', '9..3'], /end must be after start/],
    [['convert', 'a.mov', '-o', 'none/x.mp3'], /there is no folder none/],
    [['convert', 'a.mov', '--nonsense'], /unknown option/],
    [['convert', 'a.mov', '--server', 'nowhere'], /not the URL of a server/],
    [['status', 'x'], /which server\?/],
    [['nonsense'], /unknown command/],
  ])('%j is wrong use', async (args, sentence) => {
    await video('a.mov');
    const { code, stdout, stderr } = await run(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(sentence);
    expect(stderr).not.toContain('    at ');
  });
});

describe('convert, interrupted', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('by %s, leaves nothing at all', async (signal, exitCode) => {
    await video('long.mov', 600);
    const command = CommandLine.start(['convert', 'long.mov'], { cwd: folder });
    const { pid = 0 } = command.child;
    await until(async () => (await encoders(folder)).length > 0);
    command.child.kill(signal);
    expect(await command.ended).toMatchObject({ code: exitCode, stdout: '', stderr: 'mixdown: interrupted\n' });
    expect(await left()).toEqual([]);
    expect(await encoders(folder)).toEqual([]);
    expect(existsSync(`/proc/${pid}`)).toBe(false);
  });

  it('by SIGKILL, leaves a folder that the next run removes', async () => {
    await video('long.mov', 600);
    const command = CommandLine.start(['convert', 'long.mov'], { cwd: folder });
    await until(async () => (await encoders(folder)).length > 0);
    command.child.kill('SIGKILL');
    await command.ended;
    const [abandoned = '', ...others] = (await readdir(folder)).filter((name) => name.startsWith('.mixdown-'));
    expect(others).toEqual([]);
    const anHourAgo = new Date(Date.now() - 3_600_000);
    await utimes(join(folder, abandoned, 'lock'), anHourAgo, anHourAgo);
    await video('short.mov', 1);
    expect(await run(['convert', 'short.mov'])).toMatchObject({ code: 0 });
    expect(await left()).toEqual(['short.mp3']);
    expect(await encoders(folder)).toEqual([]);
  });
});

describe('what a shell needs', () => {
  it('help for every command, with examples', async () => {
    const { code, stdout } = await run(['--help']);
    expect(code).toBe(0);
    const commands = [...stdout.matchAll(/^ {2}([a-z]+) (?:\[|<| )/gm)].map(([, name = '']) => name);
    expect(commands).toEqual(expect.arrayContaining(['convert', 'status', 'list', 'login', 'serve', 'doctor']));
    for (const name of commands.filter((name) => !['help', 'user', 'mixdown'].includes(name))) {
      expect(await run([name, '--help'])).toMatchObject({ code: 0, stdout: expect.stringContaining('Examples:') });
    }
  });

  it('completion that bash reads, and that completes', async () => {
    const { stdout: script } = await run(['completion', 'bash']);
    await writeFile(join(folder, 'completion'), script);
    execFileSync('bash', ['-n', join(folder, 'completion')]);
    const complete = async (...words: readonly string[]) => {
      const line = `. ./completion; COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _mixdown; printf '%s\\n' "\${COMPREPLY[@]}"`;
      return (await promisify(execFile)('bash', ['-c', line], { cwd: folder })).stdout.trim().split('\n');
    };
    expect(await complete('mixdown', 'can')).toEqual(['cancel']);
    expect(await complete('mixdown', 'list', '--st')).toEqual(['--status']);
    expect(await complete('mixdown', 'user', 'a')).toEqual(['add']);
    expect(await complete('mixdown', 'completion', 'f')).toEqual(['fish']);
    await video('my video.mov', 1);
    expect(await complete('mixdown', 'convert', 'my')).toEqual(['my video.mov']);
    for (const shell of ['zsh', 'fish']) expect((await run(['completion', shell])).stdout).toContain('mixdown');
  });

  it('a doctor that says what is there, and what is missing', async () => {
    const { code, stdout } = await run(['doctor', '--json']);
    expect(code).toBe(0);
    const found = JSON.parse(stdout).findings.map(({ what }: { what: string }) => what);
    expect(found).toEqual(expect.arrayContaining(['node', 'ffmpeg', 'sandbox', 'data folder', 'disk space']));
    const broken = await run(['doctor'], { environment: { FFMPEG_PATH: '/nowhere/ffmpeg' } });
    expect(broken.code).toBe(1);
    expect(broken.stdout).toMatch(/^FAIL {2}ffmpeg: FFMPEG_PATH names "\/nowhere\/ffmpeg"/m);
    expect(broken.stdout).toContain('Install ffmpeg');
  });

  const oldNode = '/usr/bin/node';
  it.skipIf(!existsSync(oldNode))('nothing of the Node that is installed (needs one in /usr/bin)', async () => {
    await video('a.mov', 1);
    expect(await run(['convert', 'a.mov', '--quiet'], { node: oldNode })).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(await run(['convert', 'a.mov'], { node: oldNode })).toMatchObject({ code: 2 });
  });
});

/** Programs that work below the folder: they are known by their environment. */
async function encoders(below: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
    if (environment.includes(`MIXDOWN_JOB_FOLDER=${below}/.mixdown-`)) found.push(pid);
  }
  return found;
}

/** Looks again and again; the test's own time limit is the limit. */
async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise(setImmediate);
}
