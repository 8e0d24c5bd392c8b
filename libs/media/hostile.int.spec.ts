import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { presets } from '#contracts';
import { disguises, fileOf, freshFolder, makeMedia, removeTestMedia } from '#testing/media';
import { audioCopyArgv, encodeWholeArgv, probeArgv } from './ffmpeg/argv.ts';
import { defaultLimits, encodeWhole, inspectSource, locateEngine } from './index.ts';

afterAll(removeTestMedia);

const engine = await locateEngine({});
const job = () => ({
  ...{ engine, folder: freshFolder(), limits: defaultLimits, settings: presets.mp3 },
  signal: new AbortController().signal,
});
const hasStrace = spawnSync('strace', ['-V']).status === 0;

/** Whether a program opens a file of this name, in the folder where the input lies and without a box. */
function opens(name: string, program: string, args: readonly string[], folder: string): boolean {
  const log = join(freshFolder(), 'trace');
  spawnSync('strace', ['-f', '-e', 'trace=open,openat', '-o', log, program, ...args], { cwd: folder, timeout: 30_000 });
  return readFileSync(log, 'utf8').includes(name);
}

describe.skipIf(!hasStrace)(
  'a script in disguise, when nobody looked at its bytes (skipped where strace is missing)',
  () => {
    /** The commonest, and those that are the least strict about how a file begins. */
    const demuxers = ['mov', 'matroska', 'mpegts', 'mp3'] as const;
    const leading = ['ffconcat script', 'HLS playlist'];

    async function disguised(name: string) {
      const folder = freshFolder();
      copyFileSync(await makeMedia('ts-aac'), join(folder, 'canary.ts'));
      const input = await fileOf('video.mp4', disguises[name]?.('canary.ts') ?? '');
      copyFileSync(input, join(folder, 'video.mp4'));
      return { folder, input: join(folder, 'video.mp4'), output: join(folder, 'out') };
    }

    it.each(leading)('%s leads a plain ffmpeg to another file: the danger is real', async (name) => {
      const { folder, input } = await disguised(name);
      // HLS wants its own name for it since 2022, which is what a careless service would have told it.
      const guess = name === 'HLS playlist' ? ['-f', 'hls'] : [];
      expect(opens('canary', 'ffmpeg', [...guess, '-i', input, '-f', 'null', '-'], folder)).toBe(true);
    });

    it.each(leading.flatMap((name) => demuxers.map((demuxer) => [name, demuxer] as const)))(
      '%s read as %s opens nothing',
      async (name, demuxer) => {
        const { folder, input, output } = await disguised(name);
        const common = { input, output, demuxer, track: 0, maxSeconds: 60, maxBytes: 1e6 };
        const encode = encodeWholeArgv({
          ...common,
          quality: { mode: 'vbr', level: 2 },
          sampleRate: 44_100,
          channels: 2,
          trim: null,
        });
        expect(opens('canary', 'ffmpeg', encode, folder)).toBe(false);
        expect(opens('canary', 'ffmpeg', audioCopyArgv({ ...common, muxer: 'matroska' }), folder)).toBe(false);
        expect(opens('canary', 'ffprobe', probeArgv(common), folder)).toBe(false);
      },
    );

    it.each(leading)('%s stays shut out when the demuxer is not even forced', async (name) => {
      const { folder, input } = await disguised(name);
      const argv = probeArgv({ input, demuxer: 'mov' }).slice();
      const forced = argv.indexOf('-f');
      const unforced = argv.toSpliced(forced, 2);
      expect(opens('canary', 'ffprobe', unforced, folder)).toBe(false);
    });
  },
);

describe('a hostile file', () => {
  it('with more streams than a film has is refused', async () => {
    const many = join(freshFolder(), 'many.mkv');
    const wav = await makeMedia('wav', { seconds: 1, channels: 1, sampleRate: 8000 });
    const maps = Array.from({ length: 120 }, () => ['-map', '0:a']).flat();
    execFileSync('ffmpeg', ['-v', 'error', '-i', wav, ...maps, '-c:a', 'copy', many]);
    expect(await inspectSource({ ...job(), inputPath: many })).toMatchObject({ code: 'not-media', retryable: false });
  });

  it('with megabytes of tags is converted, and nothing of them is kept or printed', async () => {
    const tagged = join(freshFolder(), 'tagged.mkv');
    const tags = Array.from({ length: 20 }, (_, index) => [
      '-metadata',
      `tag${index}=${'File ended prematurely\n'.repeat(4000)}`,
    ]).flat();
    execFileSync('ffmpeg', ['-v', 'error', '-i', await makeMedia('mkv-opus'), '-c', 'copy', ...tags, tagged]);
    const inspected = await inspectSource({ ...job(), inputPath: tagged });
    expect(inspected).toMatchObject({ ok: true });
    if (!inspected.ok) return;
    expect(readFileSync(inspected.audioPath).includes('prematurely')).toBe(false);
    expect(await encodeWhole({ ...job(), ...inspected })).toMatchObject({ ok: true });
  });

  it.each(['a b.mp4', '-i.mp4', '%03d.mp4', "it's $(touch x) `id`;.mp4", 'concat:a|b.mp4', 'ünï\u202ecode.mp4'])(
    'may be called %s: a name is only a name',
    async (name) => {
      const inputPath = await fileOf(name, readFileSync(await makeMedia('mp4-aac')));
      const inspected = await inspectSource({ ...job(), inputPath });
      expect(inspected).toMatchObject({ ok: true });
      if (inspected.ok) expect(await encodeWhole({ ...job(), ...inspected })).toMatchObject({ ok: true });
    },
  );

  it('of ten hours in a few bytes stops at the cap', async () => {
    const long = join(freshFolder(), 'long.mkv');
    const silence = [
      '-f',
      'lavfi',
      '-i',
      'anullsrc=r=8000:cl=mono',
      '-t',
      '36000',
      '-c:a',
      'flac',
      '-frame_size',
      '4608',
    ];
    execFileSync('ffmpeg', ['-v', 'error', ...silence, long]);
    const limits = { ...defaultLimits, maxDurationSeconds: 4 * 3600 };
    expect(await inspectSource({ ...job(), limits, inputPath: long })).toMatchObject({ code: 'too-long' });
    const inspected = await inspectSource({ ...job(), inputPath: long });
    if (!inspected.ok) throw new Error(inspected.detail);
    const capped = await encodeWhole({ ...job(), ...inspected, limits: { ...defaultLimits, maxOutputBytes: 100_000 } });
    expect(capped).toMatchObject({ code: 'output-too-large' });
  });

  it('whose bits were flipped on the way is not passed off as whole', async () => {
    const bytes = Buffer.from(readFileSync(await makeMedia('mkv-flac')));
    for (let at = 20_000; at < bytes.length - 2000; at += 9973) bytes.writeUInt8(bytes.readUInt8(at) ^ 0x5a, at);
    const inspected = await inspectSource({ ...job(), inputPath: await fileOf('flipped.mkv', bytes) });
    const outcome = inspected.ok ? await encodeWhole({ ...job(), ...inspected }) : inspected;
    expect(outcome).toMatchObject({ ok: false, code: 'truncated', retryable: false });
  });

  it('leaves nothing but the audio in the job’s folder', async () => {
    const one = job();
    await inspectSource({ ...one, inputPath: await makeMedia('mp4-aac') });
    expect(existsSync(join(one.folder, 'audio'))).toBe(true);
    expect(execFileSync('ls', ['-A', one.folder], { encoding: 'utf8' })).toBe('audio\n');
  });
});
