import { describe, expect, it } from 'vitest';
import { ProgressReader, toProgress } from './progress.ts';

const report =
  'bitrate= 144.1kbits/s\ntotal_size=16384\nout_time_us=2500000\nout_time_ms=2500000\nspeed=25.0x\nprogress=continue\n';

describe('ProgressReader', () => {
  it('gives a report when its last line is complete, however it is cut up', () => {
    const reader = new ProgressReader();
    const reports = [...report].flatMap((character) => reader.push(character));
    expect(reports).toEqual([{ outSeconds: 2.5, bytes: 16_384, speed: 25, last: false }]);
  });

  it('takes what ffmpeg does not know yet for unknown', () => {
    const [first] = new ProgressReader().push('total_size=N/A\nout_time_us=N/A\nspeed=N/A\nprogress=end\n');
    expect(first).toEqual({ outSeconds: null, bytes: null, speed: null, last: true });
  });

  it('reads the time of builds that name it milliseconds and mean microseconds', () => {
    const [first] = new ProgressReader().push('out_time_ms=1000000\nprogress=continue\n');
    expect(first?.outSeconds).toBe(1);
  });

  it('does not carry values from one report to the next', () => {
    const reports = new ProgressReader().push(`${report}progress=end\n`);
    expect(reports[1]).toEqual({ outSeconds: null, bytes: null, speed: null, last: true });
  });
});

describe('toProgress', () => {
  const at = (outSeconds: number | null, speed: number | null) => ({ outSeconds, speed, bytes: null, last: false });

  it('tells percent and the seconds left', () => {
    expect(toProgress(at(30, 10), 120)).toEqual({ percent: 25, speed: 10, etaSeconds: 9 });
  });

  it('never exceeds a hundred when the duration was too small an estimate', () => {
    expect(toProgress(at(130, 10), 120)).toEqual({ percent: 100, speed: 10, etaSeconds: 0 });
  });

  it('says nothing that it cannot know', () => {
    expect(toProgress(at(30, 10), null)).toEqual({ percent: null, speed: 10, etaSeconds: null });
    expect(toProgress(at(null, null), 120)).toEqual({ percent: 0, speed: null, etaSeconds: null });
  });
});
