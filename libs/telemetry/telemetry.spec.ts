import { describe, expect, it } from 'vitest';
import { createLog } from './log.ts';
import { continueTrace, currentTraceparent, inSpan } from './tracing.ts';

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

describe('a trace', () => {
  it('goes on from a traceparent, through awaits and nested spans', async () => {
    const inside = await continueTrace(traceparent, 'outer', async () => {
      await Promise.resolve();
      return inSpan('inner', {}, async () => currentTraceparent());
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
  it('passes errors on', () => expect(inSpan('work', {}, () => Promise.reject(new Error('no')))).rejects.toThrow('no'));
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
});
