import ipaddr from 'ipaddr.js'

// Which addresses of the network may be called out to. Whatever is not known to be public is not.

/** What is in none of the ranges that ipaddr.js names, and yet nobody's public address; the last is inside Azure what 169.254.169.254 is elsewhere. */
const NOT_PUBLIC_V4 = cidrs('0.0.0.0/8', '192.0.0.0/24', '192.88.99.0/24', '198.18.0.0/15', '192.31.196.0/24', '192.52.193.0/24', '192.175.48.0/24', '240.0.0.0/4', '168.63.129.16/32')
/** Global unicast. Of that not: what holds IPv4 addresses (6to4, Teredo), documentation, benchmarks, ORCHID, the 6bone that was, and other special uses. */
const GLOBAL_V6 = cidrs('2000::/3')
const NOT_PUBLIC_V6 = cidrs('2001::/23', '2001:db8::/32', '2002::/16', '2620:4f:8000::/48', '3ffe::/16', '3fff::/20')

export type Cidr = [address: ipaddr.IPv4 | ipaddr.IPv6, bits: number]

function cidrs (...texts: string[]): Cidr[] {
  return texts.map(text => ipaddr.parseCIDR(text))
}

/** Networks written as CIDRs, such as `10.0.0.0/8` or `fd00::/8`; undefined when one of them is none. */
export function parseNetworks (texts: readonly string[]): Cidr[] | undefined {
  try {
    return cidrs(...texts)
  } catch {
    return undefined
  }
}

/** Whether an address may be called: it is public, or in one of the networks that are allowed. @param text as Node has it, of v4 or v6 */
export function isAllowedAddress (text: string, allowed: readonly Cidr[] = []): boolean {
  // A zone names an interface of this host.
  if (!ipaddr.isValid(text) || text.includes('%')) return false
  const address = ipaddr.process(text) // an IPv4 address that is written as IPv6 is the IPv4 address
  return isIn(address, allowed) || isPublic(address)
}

function isPublic (address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  if (address.range() !== 'unicast') return false
  if (address.kind() === 'ipv4') return !isIn(address, NOT_PUBLIC_V4)
  return isIn(address, GLOBAL_V6) && !isIn(address, NOT_PUBLIC_V6)
}

function isIn (address: ipaddr.IPv4 | ipaddr.IPv6, networks: readonly Cidr[]): boolean {
  return networks.some(network => network[0].kind() === address.kind() && address.match(network))
}
