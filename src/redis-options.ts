import type { RedisOptions } from 'ioredis'

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
