import type { RedisOptions, SentinelAddress } from 'ioredis'

const SENTINEL_PORT = 26_379
/** A Sentinel that does not answer within this is passed over, in ms. */
const SENTINEL_WITHIN_MS = 1000

/** Null when `text` is not a URL of a Redis, or has parts that would have no effect. */
export function parseRedisUrl (text: string): RedisOptions | null {
  try {
    return redisOptions(new URL(text))
  } catch {
    return null // no URL at all, or a percent sign that encodes nothing
  }
}

function redisOptions (url: URL): RedisOptions | null {
  const credentials = {
    ...(url.username && { username: decodeURIComponent(url.username) }),
    ...(url.password && { password: decodeURIComponent(url.password) })
  }
  if (url.search || url.hash) return null
  if (url.protocol === 'unix:') {
    return url.hostname === '' && url.pathname.length > 1 ? { ...credentials, path: decodeURIComponent(url.pathname) } : null
  }
  const db = /^\/?(\d{1,7})?$/.exec(url.pathname)
  if (!/^rediss?:$/.test(url.protocol) || url.hostname === '' || !db) return null
  return {
    ...credentials,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? 6379 : Number(url.port),
    ...(db[1] && { db: Number(db[1]) }),
    ...(url.protocol === 'rediss:' && { tls: {} })
  }
}

/** Null when one of `addresses` is not `host[:port]`, or there is none. */
export function parseSentinels (addresses: readonly string[]): SentinelAddress[] | null {
  const all = addresses.map(address => /^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]+))(?::(\d{1,5}))?$/.exec(address))
  const sentinels = all.flatMap(match => {
    const port = Number(match?.[3] ?? SENTINEL_PORT)
    return match && port >= 1 && port <= 65_535 ? [{ host: (match[1] ?? match[2])!, port }] : []
  })
  return sentinels.length > 0 && sentinels.length === addresses.length ? sentinels : null
}

export interface SentinelSettings {
  sentinels: SentinelAddress[]
  name: string
  username?: string | undefined
  password?: string | undefined
  /** As for Redis itself: it is spoken with both or with none. */
  tls?: RedisOptions['tls']
}

/**
 * Asks the Sentinels for the master at each connect, and hears of them when it changes, also of one that hangs instead of dying.
 * Plain data, as threads that connect for themselves are given it.
 */
export function sentinelOptions ({ sentinels, name, username, password, tls }: SentinelSettings): RedisOptions {
  return {
    sentinels,
    name,
    ...(username && { sentinelUsername: username }),
    ...(password && { sentinelPassword: password }),
    ...(tls && { enableTLSForSentinelMode: true, sentinelTLS: tls }),
    sentinelCommandTimeout: SENTINEL_WITHIN_MS,
    failoverDetector: true
  }
}

/** Where Redis is, for people. */
export function whereIs ({ path, host, port, sentinels, name }: RedisOptions): string {
  if (sentinels) return `${name}, as the Sentinels at ${sentinels.map(({ host, port }) => `${host}:${port}`).join(', ')} say`
  return path ?? `${host}:${port}`
}
