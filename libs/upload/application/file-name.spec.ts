import { describe, expect, it } from 'vitest';
import { cleanFileName } from './file-name.ts';

describe('a file name', () => {
  it.each([
    ['Holiday 1.mp4', 'Holiday 1.mp4'],
    ['Überraschung 🎉.mov', 'Überraschung 🎉.mov'],
    ['../../etc/passwd', 'passwd'],
    ['C:\\videos\\a.avi', 'a.avi'],
    ['a\r\nSet-Cookie: x=1.mp4', 'aSet-Cookie: x=1.mp4'],
    ['\u001b[31mred.mp4', '[31mred.mp4'],
    ['exe.\u202e4pm.mp4', 'exe.4pm.mp4'],
  ])('%j is kept as %j', (given, kept) => expect(cleanFileName(given)).toBe(kept));
  it.each([undefined, '', '   ', '.', '..', '/', '\u0000'])('%j is none', (given) =>
    expect(cleanFileName(given)).toBeNull(),
  );
  it('is cut between characters, not inside one', () => {
    expect(cleanFileName('🎉'.repeat(300))).toBe('🎉'.repeat(255));
  });
});
