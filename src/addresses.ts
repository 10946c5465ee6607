import { isIP } from 'node:net'
import { parseNetworks } from './egress/address.ts'
import type { Cidr } from './egress/address.ts'

export function isLoopback (host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}

/** The name or address in a `Host` header, without the port; that of IPv6 in its brackets. */
export function nameOf (hostHeader: string): string {
  return hostHeader.replace(/:\d*$/, '').toLowerCase()
}

export function isIpHost (name: string): boolean {
  return isIP(name) === 4 || (name.startsWith('[') && name.endsWith(']') && isIP(name.slice(1, -1)) === 6)
}

export function isHostName (text: string): boolean {
  return text === '*' || /^[a-z0-9_]([a-z0-9_.-]{0,251}[a-z0-9_])?$/i.test(text)
}

/** What keys are fetched from must be who it says it is. */
export function isSafeUrl (text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined
  return url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname.replace(/^\[|\]$/g, '')))
}

export function isOrigin (text: string): boolean {
  return text === '*' || (/^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text)
}

/** Addresses and networks, as settings name them: the first as networks of one address. Undefined when one of them is neither. */
export function networksOf (texts: readonly string[]): Cidr[] | undefined {
  return parseNetworks(texts.map(text => isIP(text) === 0 ? text : `${text}/${isIP(text) === 4 ? 32 : 128}`))
}
