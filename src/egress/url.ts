import { isIP } from 'node:net'
import { isAllowedAddress } from './address.ts'
import type { Cidr } from './address.ts'

export const MAX_URL = 2048

/** Names that mean this host or this network, whatever a resolver says. */
const LOCAL_NAME = /(^|\.)(localhost|local|internal|intranet|lan|home\.arpa|localdomain)$/

/**
 * What is wrong with a URL to be called, as the rest of a sentence that begins with its field; undefined when nothing is, as far as can be
 * seen without asking a resolver. What the name means is looked at when it is called (egress.ts).
 */
export function urlProblem (text: string, allowed: readonly Cidr[] = []): string | undefined {
  if (text.length > MAX_URL) return `must have at most ${MAX_URL} characters`
  // The parser would take these out, or for others: what is shown and logged shall be what is called.
  // eslint-disable-next-line no-control-regex
  if (/[\s\u0000-\u001f\u007f\\]/.test(text)) return 'must have no white space, control characters or backslashes'
  if (!/^https?:\/\/[^/]/i.test(text)) return 'must be a URL that begins with https:// or http://'
  if (!URL.canParse(text)) return 'must be a URL'
  const url = new URL(text)
  // Also an empty one, `https://@host`, which the parser drops.
  if (text.split('//', 2)[1]!.split(/[/?#]/, 1)[0]!.includes('@')) return 'must have no user name and no password'
  if (url.port === '0') return 'must not have the port 0'
  return hostProblem(url.hostname, allowed)
}

/** The same of a host as URL has it: a name, an IPv4 address, or an IPv6 address in brackets. */
export function hostProblem (hostname: string, allowed: readonly Cidr[] = []): string | undefined {
  const host = hostname.replace(/^\[(.*)\]$/, '$1')
  if (isIP(host)) return isAllowedAddress(host, allowed) ? undefined : `must not lead to ${host}, which is not a public address`
  const name = host.replace(/\.$/, '')
  if (name === '' || name.includes('..') || name.endsWith('.')) return 'must have a host'
  // With networks allowed a name may mean one of them: that is seen at the call.
  if (allowed.length === 0 && (LOCAL_NAME.test(name) || !name.includes('.'))) return `must not lead to ${name}, which is no public name`
  return undefined
}
