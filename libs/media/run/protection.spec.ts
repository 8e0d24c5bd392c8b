import { describe, expect, it } from 'vitest';
import { describeProtection } from './describe-protection.ts';
import { boxed } from './protection.ts';

const command = {
  program: '/opt/ffmpeg/bin/ffmpeg',
  args: ['-i', '/job/source'],
  programFiles: ['/opt/ffmpeg/bin/ffmpeg'],
  inputs: ['/job/source'],
  folder: '/job',
  limits: { cpuSeconds: 60, addressSpaceBytes: 1000, fileSizeBytes: 2000 },
};

describe('boxed', () => {
  it('runs the program as it is where nothing is to be had', () => {
    expect(boxed(command, { bubblewrap: null, prlimit: null })).toEqual([command.program, ...command.args]);
  });

  it('limits without a box, but not the number of processes, which would count the service', () => {
    const argv = boxed(command, { bubblewrap: null, prlimit: '/usr/bin/prlimit' });
    expect(argv).toEqual(expect.arrayContaining(['--cpu=60:65', '--as=1000', '--fsize=2000', '--core=0']));
    expect(argv.some((argument) => argument.startsWith('--nproc'))).toBe(false);
  });

  it('lays the folder over the program’s files, and the input over the folder', () => {
    const argv = boxed(command, { bubblewrap: '/usr/bin/bwrap', prlimit: '/usr/bin/prlimit' }).join(' ');
    const program = argv.indexOf('--ro-bind /opt/ffmpeg/bin/ffmpeg');
    const folder = argv.indexOf('--bind /job /job');
    const input = argv.indexOf('--ro-bind /job/source');
    expect(program).toBeGreaterThan(0);
    expect(folder).toBeGreaterThan(program);
    expect(input).toBeGreaterThan(folder);
    expect(argv).toContain('--unshare-all --die-with-parent --new-session --cap-drop ALL');
  });
});

describe('describeProtection', () => {
  it('names what is missing', () => {
    expect(describeProtection({ bubblewrap: '/usr/bin/bwrap', prlimit: '/usr/bin/prlimit' })).toEqual([]);
    const missing = describeProtection({ bubblewrap: null, prlimit: null });
    expect(missing).toHaveLength(2);
    expect(missing[0]).toContain('bubblewrap');
    expect(missing[1]).toContain('prlimit');
  });
});
