import { describe, expect, it } from 'vitest';
import type { MediaJob } from '../job.ts';
import { defaultLimits } from '../limits.ts';
import { judgeRun } from './judge-run.ts';
import type { RunEnd } from './run.ts';

const job: MediaJob = {
  engine: {
    ffmpeg: '/usr/bin/ffmpeg',
    ffprobe: '/usr/bin/ffprobe',
    bundled: false,
    programFiles: [],
    protection: { bubblewrap: null, prlimit: null },
  },
  folder: '/work/job-1',
  limits: defaultLimits,
  signal: new AbortController().signal,
};
const exited = (exitCode: number, stderr = ''): RunEnd => ({ reason: 'exited', exitCode, signal: null, stderr });
const ended = (more: Partial<RunEnd>): RunEnd => ({
  reason: 'exited',
  exitCode: null,
  signal: null,
  stderr: '',
  ...more,
});

describe('judgeRun', () => {
  it('finds nothing wrong with an end by itself', () => {
    expect(judgeRun(exited(0, 'corrupt'), job)).toBeNull();
  });

  it.each([
    ['a deadline', ended({ reason: 'deadline', signal: 'SIGTERM' }), 'timed-out', false],
    ['a stall', ended({ reason: 'stalled', signal: 'SIGKILL' }), 'stalled', false],
    ['a program that is not there', ended({ reason: 'not-started', stderr: 'ENOENT' }), 'internal', true],
    ['a crash', ended({ signal: 'SIGSEGV' }), 'encoder-crashed', true],
    ['the limit on file size', ended({ signal: 'SIGXFSZ' }), 'output-too-large', false],
    ['the limit on CPU time', ended({ signal: 'SIGXCPU' }), 'timed-out', false],
  ])('tells %s', (_, end, code, retryable) => {
    expect(judgeRun(end, job)).toMatchObject({ ok: false, code, retryable });
  });

  it.each([
    ['av_interleaved_write_frame(): No space left on device', 'internal', true],
    ["bwrap: Can't create file", 'internal', true],
    ['[mov @ 0x5591] error: Cannot allocate memory', 'encoder-crashed', true],
    ['Decoder (codec ac4) not found for input stream #0:0', 'unknown-codec', false],
    ["Stream map '0:a:0' matches no streams.", 'no-audio', false],
    ["[concat @ 0x55f7] Format not on whitelist 'mov'", 'not-media', false],
    ['source: corrupt input packet in stream 1', 'truncated', false],
    ['[mov @ 0x55aa] moov atom not found', 'truncated', false],
    ['Something that nobody has seen', 'encoder-crashed', true],
  ])('knows what "%s" means', (message, code, retryable) => {
    expect(judgeRun(exited(1, `${message}\n`), job)).toMatchObject({ code, retryable });
  });

  it('does not believe the tags that a file prints by way of ffmpeg', () => {
    const tags = '  Metadata:\n    title           : No space left on device, encrypted by DRM\n';
    expect(judgeRun(exited(1, `${tags}source: corrupt input packet in stream 0\n`), job)).toMatchObject({
      code: 'truncated',
    });
  });

  it('takes what the decoder complains of for damage', () => {
    const stderr = '[flac @ 0x563ca0] invalid residual\nConversion failed!\n';
    expect(judgeRun(exited(1, stderr), job, 'flac')).toMatchObject({
      code: 'truncated',
      detail: '[flac] invalid residual',
    });
    expect(judgeRun(exited(1, stderr), job)).toMatchObject({ code: 'encoder-crashed' });
  });

  it('names no path, no address and no control character', () => {
    const failed = judgeRun(exited(1, 'x @ 0x12ab /work/job-1/audio: \u001b[31mcorrupt\u202e /etc/passwd\n'), job);
    expect(failed?.detail).toBe('x the file  [31mcorrupt  the file');
  });

  it('throws the reason of an abort, whatever the end was', () => {
    const reason = new Error('stopped by the client');
    const aborted = { ...job, signal: AbortSignal.abort(reason) };
    expect(() => judgeRun(exited(0), aborted)).toThrow(reason);
  });
});
