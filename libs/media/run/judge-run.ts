import type { FailureCode } from '#contracts';
import type { MediaJob } from '../job.ts';
import { failure, type MediaFailure } from '../outcome.ts';
import type { RunEnd } from './run.ts';

interface KnownMessage {
  readonly pattern: RegExp;
  readonly code: FailureCode;
  readonly retryable: boolean;
}

/** What ffmpeg (2018 to today) prints, and what it means for the conversion. The first that fits counts. */
const knownMessages: readonly KnownMessage[] = [
  {
    pattern: /No space left on device|Disk quota exceeded|Read-only file system|Permission denied/,
    code: 'internal',
    retryable: true,
  },
  { pattern: /^bwrap: /m, code: 'internal', retryable: true },
  // Before memory: ffmpeg calls a refused stream a lack of it.
  { pattern: /max_streams|not on whitelist|not in whitelist/i, code: 'not-media', retryable: false },
  { pattern: /Cannot allocate memory|Resource temporarily unavailable/, code: 'encoder-crashed', retryable: true },
  { pattern: /encrypted|DRM|Incorrect decryption key/i, code: 'encrypted', retryable: false },
  {
    pattern: /no decoder found|Decoder \(codec [^)]*\) not found|Unknown decoder|Unsupported codec|not implemented/i,
    code: 'unknown-codec',
    retryable: false,
  },
  { pattern: /matches no streams|does not contain any stream/, code: 'no-audio', retryable: false },
  {
    pattern:
      /corrupt|CRC|partial file|ended prematurely|Read error|Truncat|moov atom not found|Invalid data found|Error while decoding|Error submitting packet|Input\/output error/i,
    code: 'truncated',
    retryable: false,
  },
];

/**
 * Null when the program ended well by itself. What a signal of ours ended is told by our reason; a crash may pass when
 * tried again (memory, another machine).
 * @param codec of the audio, when it is decoded: what its decoder complains of before the end is damage
 * @throws the signal's reason, when the job was aborted
 */
export function judgeRun(end: RunEnd, job: MediaJob, codec?: string): MediaFailure | null {
  job.signal.throwIfAborted();
  if (end.reason === 'deadline') return failure('timed-out', 'The run took longer than its deadline.');
  if (end.reason === 'stalled') return failure('stalled', 'The run stopped making progress.');
  if (end.reason === 'not-started') return failure('internal', `The program did not start: ${end.stderr}`, true);
  if (end.signal === 'SIGXFSZ') return failure('output-too-large', 'The output grew beyond its limit.');
  if (end.signal === 'SIGXCPU') return failure('timed-out', 'The run took more CPU time than it may.');
  if (end.signal !== null) return failure('encoder-crashed', `The program was ended by ${end.signal}.`, true);
  if (end.exitCode === 0) return null;
  for (const { pattern, code, retryable } of knownMessages) {
    const found = linesOf(end.stderr).find((line) => pattern.test(line));
    if (found !== undefined) return failure(code, sentence(found, job), retryable);
  }
  const complaint =
    codec === undefined ? undefined : linesOf(end.stderr).findLast((line) => line.startsWith(`[${codec}`));
  if (complaint !== undefined) return failure('truncated', sentence(complaint, job));
  return failure(
    'encoder-crashed',
    `The program ended with ${end.exitCode}: ${sentence(lastLine(end.stderr), job)}`,
    true,
  );
}

function lastLine(text: string): string {
  return linesOf(text).findLast((line) => !/Statistics:|Conversion failed/.test(line)) ?? '';
}

/** Without the indented ones: there ffmpeg prints the file's own tags, in which anything can be written. */
export function linesOf(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '' && !/^\s/.test(line));
}

/** A line of ffmpeg's for a person: no addresses, no paths of ours, no control characters, not endless. */
function sentence(line: string, job: MediaJob): string {
  return line
    .replaceAll(job.folder, '')
    .replaceAll(/(?<!\w)\/\S+/g, 'the file')
    .replaceAll(/ @ 0x[0-9a-f]+/g, '')
    .replaceAll(/[\p{Cc}\p{Cf}]/gu, ' ')
    .trim()
    .slice(0, 200);
}
