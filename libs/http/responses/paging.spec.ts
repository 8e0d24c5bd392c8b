import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { linkToNext, paging } from './paging.ts';

const Parameters = z.strictObject(paging);

describe('the parameters of a list', () => {
  it('have sensible values when nothing is said', () => expect(Parameters.parse({})).toEqual({ limit: 20 }));
  it.each(['1', '20', '100', '007'])('take a limit of %s', (limit) =>
    expect(Parameters.parse({ limit }).limit).toBe(Number(limit)),
  );
  it.each(['0', '101', '-1', '1.5', '1e1', '', ' ', 'many', '99999999999999999999', ['1', '2']])(
    'refuse a limit of %j',
    (limit) => expect(Parameters.safeParse({ limit }).error?.issues[0]?.path).toEqual(['limit']),
  );
  it('refuse an empty cursor', () => expect(Parameters.safeParse({ cursor: '' }).success).toBe(false));
});

it('the next page is asked for as this one was, from where this one ends', () => {
  const query = { status: 'failed', limit: '2', cursor: 'before' };
  expect(linkToNext({ path: '/v1/things', query }, 'a+b/c=')).toBe(
    '</v1/things?status=failed&limit=2&cursor=a%2Bb%2Fc%3D>; rel="next"',
  );
});
