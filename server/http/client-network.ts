// The network that a caller's address belongs to, for limits: whoever has one IPv6 address has the 2^64 of its network.
import { isIPv4, isIPv6 } from 'node:net';

/**
 * @param address as the socket or a proxy tells it, perhaps with a port: `192.0.2.7`, `192.0.2.7:4711`, `[2001:db8::1]:4711`
 * @returns an IPv4 address whole, also one mapped into IPv6 (RFC 4291, 2.5.5.2); of an IPv6 address the first 64 bits;
 *   other text as it is
 */
export function clientNetwork(address: string): string {
  const host = /^\[([^\]]*)\](?::\d+)?$/.exec(address)?.[1] ?? /^([^:]+):\d+$/.exec(address)?.[1] ?? address;
  const [plain = ''] = host.split('%');
  const mapped = /^::ffff:([\d.]+)$/i.exec(plain)?.[1];
  if (mapped !== undefined && isIPv4(mapped)) return mapped;
  return isIPv6(plain) ? `${firstGroups(plain).join(':')}::/64` : host;
}

/** The first four groups; only these matter, so an IPv4 tail need not be read. */
function firstGroups(address: string): readonly string[] {
  const [head = '', tail] = address.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const width = (groups: readonly string[]) => groups.length + (groups.at(-1)?.includes('.') === true ? 1 : 0);
  const zeros = tail === undefined ? 0 : 8 - width(before) - width(after);
  const groups = [...before, ...Array<string>(Math.max(0, zeros)).fill('0'), ...after];
  return groups.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16));
}
