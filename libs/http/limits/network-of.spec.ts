import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { networkOf } from './network-of.ts';

describe('a limit by address', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::FFFF:c000:207', '192.0.2.7'],
    ['2001:db8:1:2::192.0.2.7', '2001:db8:1:2::/64'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::9', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::ffff:0:192.0.2.7', '0:0:0:0::/64'],
    ['not an address', 'not an address'],
  ])('takes %s for %s', (address, network) => expect(networkOf(address)).toBe(network));

  it('takes all addresses of one /64 for one, and those of two for two', () => {
    const group = fc.integer({ min: 0, max: 0xffff }).map((value) => value.toString(16));
    const half = fc.array(group, { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(half, half, half, half, (network, other, one, two) => {
        fc.pre(network.join() !== other.join());
        // The zero network has the IPv4 addresses in it.
        for (const half of [network, other]) fc.pre(half.some((part) => part !== '0'));
        const of = (...parts: string[][]) => networkOf(parts.flat().join(':'));
        expect(of(network, one)).toBe(of(network, two));
        expect(of(network, one)).not.toBe(of(other, one));
      }),
    );
  });
});
