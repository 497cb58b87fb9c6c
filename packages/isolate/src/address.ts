import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/** Global unicast space of IPv6; everything else is special (RFC 4291 §2.4). */
const globalIpv6 = ipaddr.parseCIDR('2000::/3')

/**
 * Whether an IP address is one that anybody on the internet could reach.
 *
 * Loopback, private, link-local, shared, reserved and documentation ranges are
 * not; neither are the IPv6 ranges that carry an IPv4 address inside (mapped,
 * compatible, NAT64, 6to4, Teredo). Text that is no address is not public.
 */
export function isPublicAddress(text: string): boolean {
  if (isIP(text) === 0 || text.includes('%')) return false
  const address = ipaddr.process(isIP(text) === 6 ? hexadecimal(text) : text)
  if (address.range() !== 'unicast') return false
  return address.kind() === 'ipv4' || address.match(globalIpv6)
}

/** IPv6 text without a dotted part: the library reads `::1.2.3.4` as a mapped address, which it is not. */
function hexadecimal(text: string): string {
  return new URL(`http://[${text}]`).hostname.slice(1, -1)
}
