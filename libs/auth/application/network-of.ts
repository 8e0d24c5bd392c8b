import { BlockList, isIPv6 } from 'node:net';

const groups = 8;
const groupsOfANetwork = 4;
const mapped = new BlockList();
mapped.addSubnet('::ffff:0:0', 96, 'ipv6');

/**
 * Whom a limit by address counts as one: of an IPv6 address its /64, since that much is given to a single subscriber,
 * who could come from another address each time (RFC 6177).
 */
export function networkOf(address: string): string {
  const bare = address.split('%')[0] ?? '';
  if (!isIPv6(bare)) return address;
  if (mapped.check(bare, 'ipv6')) return bare.slice(bare.lastIndexOf(':') + 1);
  const [head = '', tail] = bare.toLowerCase().split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? [] : Array.from({ length: groups - left.length - right.length }, () => '0');
  const network = [...left, ...zeros, ...right].slice(0, groupsOfANetwork);
  return `${network.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`;
}
