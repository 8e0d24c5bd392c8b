import { isIPv6 } from 'node:net';

const groups = 8;
const groupsOfANetwork = 4;
const mappedIPv4 = /^::ffff:([0-9a-f]+):([0-9a-f]+)$/;

/**
 * Whom a limit by address counts as one: of an IPv6 address its /64, since that much is given to a single subscriber,
 * who could come from another address each time (RFC 6177).
 */
export function networkOf(address: string): string {
  const bare = address.split('%')[0] ?? '';
  if (!isIPv6(bare)) return address;
  // One of the many ways to write it: compressed, in lower case, without decimals (RFC 5952, WHATWG URL).
  const written = new URL(`http://[${bare}]`).hostname.slice(1, -1);
  const [, high, low] = mappedIPv4.exec(written) ?? [];
  if (high !== undefined && low !== undefined) return [...pair(high), ...pair(low)].join('.');
  const [before = '', after = ''] = written.split('::');
  const [left, right] = [groupsOf(before), groupsOf(after)];
  const omitted = Array.from({ length: groups - left.length - right.length }, () => '0');
  return `${[...left, ...omitted, ...right].slice(0, groupsOfANetwork).join(':')}::/64`;
}

function groupsOf(part: string): readonly string[] {
  return part === '' ? [] : part.split(':');
}

function pair(group: string): number[] {
  const value = Number.parseInt(group, 16);
  return [value >> 8, value & 0xff];
}
