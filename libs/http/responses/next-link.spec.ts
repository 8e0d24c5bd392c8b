import { expect, it } from 'vitest';
import { nextLink } from './next-link.ts';

it.each([
  ['/v1/users', '</v1/users?cursor=a-b_>; rel="next"'],
  ['/v1/users?limit=2&cursor=old', '</v1/users?limit=2&cursor=a-b_>; rel="next"'],
  ['/v1/users?email=a%2Bb%40c.de', '</v1/users?email=a%2Bb%40c.de&cursor=a-b_>; rel="next"'],
])('what follows %s', (address, link) => expect(nextLink(address, 'a-b_')).toBe(link));
