import { describe, expect, it } from 'vitest';
import { readSettings } from './read-settings.ts';

describe('the options of convert', () => {
  it('default to VBR level 2', () =>
    expect(readSettings({})).toEqual({ format: 'mp3', quality: { mode: 'vbr', level: 2 } }));
  it('take a bit rate', () =>
    expect(readSettings({ cbr: '320' })).toMatchObject({ quality: { mode: 'cbr', kbps: 320 } }));
  it.each([
    ['10..95.5', { start: 10, end: 95.5 }],
    ['10..', { start: 10 }],
    ['..5', { end: 5 }],
  ])('take the part %s', (trim, expected) => expect(readSettings({ trim })).toMatchObject({ trim: expected }));
  it.each([{ vbr: '11' }, { vbr: 'best' }, { cbr: '321' }, { vbr: '2', cbr: '320' }, { trim: '10' }, { trim: '9..3' }])(
    'refuse %j',
    (options) => expect(() => readSettings(options)).toThrow(expect.objectContaining({ exitCode: 2 })),
  );
  it.each([
    ['--vbr', { vbr: '11' }],
    ['--cbr', { cbr: '321' }],
    ['--trim', { trim: '9..3' }],
  ])('are named when they cannot be: %s', (option, options) =>
    expect(() => readSettings(options)).toThrow(`${option}: `),
  );
});
