import { describe, expect, it } from 'vitest';
import { createLog } from './log.ts';
import { continueTrace, currentTraceparent, inSpan } from './tracing.ts';

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

describe('a trace', () => {
  it('goes on from a traceparent, through awaits and nested spans', async () => {
    const inside = await continueTrace(traceparent, 'outer', async () => {
      await Promise.resolve();
      return inSpan('inner', async () => currentTraceparent());
    });
    expect(inside).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01$/);
    expect(inside).not.toBe(traceparent);
  });
  it('begins anew without one, or with a broken one', async () => {
    const begun = await continueTrace(undefined, 'work', async () => currentTraceparent());
    expect(begun).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    expect(await continueTrace('nonsense', 'work', async () => currentTraceparent())).toMatch(/^00-/);
  });
  it('is not there outside of spans', () => expect(currentTraceparent()).toBeUndefined());
  it('passes errors on', () => expect(inSpan('work', () => Promise.reject(new Error('no')))).rejects.toThrow('no'));
});

describe('the log', () => {
  it('has trace ids, and no secrets', async () => {
    const lines: string[] = [];
    const log = createLog('info', { write: (line) => lines.push(line) });
    const secret = 'hunter2-hunter2';
    await continueTrace(traceparent, 'work', async () => {
      log.info({ password: secret, request: { token: secret, headers: { authorization: secret } } }, 'hello');
    });
    expect(lines.join()).not.toContain(secret);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 'info',
      msg: 'hello',
      trace_id: traceparent.slice(3, 35),
    });
  });

  it.each([
    ['a signed URL', 'GET /v1/outputs/1?x=1&sig=c2VjcmV0c2VjcmV0&y=2 failed'],
    ['a token in a URL', 'https://example.org/?token=c2VjcmV0c2VjcmV0'],
    ['a header', 'refused: Authorization: Basic c2VjcmV0c2VjcmV0'],
    ['a JSON Web Token', 'jwt malformed: eyJhbGciOiJIUzI1NiJ9.c2VjcmV0c2VjcmV0.c2VjcmV0c2VjcmV0'],
  ])('hides %s inside of a text, and leaves the rest', (_what, text) => {
    const [line = ''] = logged((log) => log.error({ err: new Error(text) }, text));
    expect(line).not.toContain('c2VjcmV0');
    expect(JSON.parse(line)).toMatchObject({ level: 'error', err: { type: 'Error' } });
    expect(line).toContain(text.slice(0, 4));
  });
  it('keeps one record one line, whatever a client sends', () => {
    const [line = '', ...more] = logged((log) => log.info({ path: '/a\n{"level":"fatal"}\u001b[2J\r' }, 'request'));
    expect(more).toEqual([]);
    expect(line.slice(0, -1)).not.toMatch(/\p{Cc}/u);
    expect(JSON.parse(line)).toMatchObject({ level: 'info' });
  });
});

function logged(write: (log: ReturnType<typeof createLog>) => void): readonly string[] {
  const lines: string[] = [];
  write(createLog('info', { write: (line) => lines.push(line) }));
  return lines;
}
