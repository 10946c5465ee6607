import type { Redis } from 'ioredis'
import { ask, scriptsLoaded } from './scripts.ts'

export interface Check { status: 'ok' | 'warn' | 'fail', message?: string }

const MIN_MAJOR = 7

/** Whether Redis answers. */
export async function checkRedis (redis: Redis): Promise<Check> {
  return await check(async () => { await ask(redis.ping()) })
}

/** Whether Redis knows our scripts; it is told them again by the first call that misses one. */
export async function checkScripts (redis: Redis): Promise<Check> {
  return await check(async () => {
    if (!await scriptsLoaded(redis)) return { status: 'warn', message: 'Redis lacks the functions of this version (flushed, restored, or another version took them away?); the next call loads them.' }
  })
}

/** Whether this Redis is one that loses no jobs: version, eviction, persistence. */
export async function checkSetup (redis: Redis): Promise<Record<'version' | 'eviction' | 'persistence', Check>> {
  const info = parseInfo(await ask(redis.info()))
  return { version: version(info), eviction: eviction(info), persistence: await persistence(redis, info) }
}

function version (info: Map<string, string>): Check {
  // Valkey says redis_version 7.2.4 for old clients and its own beside it.
  const name = info.has('valkey_version') ? 'Valkey' : 'Redis'
  const number = info.get('valkey_version') ?? info.get('redis_version') ?? '0'
  if (Number.parseInt(number) >= MIN_MAJOR) return { status: 'ok' }
  return { status: 'fail', message: `${name} ${number} is too old: ${MIN_MAJOR}.0 or newer is needed.` }
}

function eviction (info: Map<string, string>): Check {
  const policy = info.get('maxmemory_policy')
  if (policy === undefined || policy === 'noeviction') return { status: 'ok' }
  return { status: 'fail', message: `maxmemory-policy is ${policy}: Redis would drop jobs when it is full. Set it to noeviction.` }
}

async function persistence (redis: Redis, info: Map<string, string>): Promise<Check> {
  if (info.get('aof_enabled') === '1') return { status: 'ok' }
  // Managed services forbid CONFIG; nothing is known there.
  const save = await redis.config('GET', 'save').catch(() => undefined) as string[] | Record<string, string> | undefined
  const points = Array.isArray(save) ? save[1] : save?.save
  if (points === undefined) return { status: 'ok', message: 'The append-only file is off, and whether snapshots are on cannot be read.' }
  if (points !== '') return { status: 'warn', message: 'Only snapshots are on: a crash of Redis loses the jobs since the last one. Set appendonly yes.' }
  return { status: 'warn', message: 'Persistence is off: a restart of Redis loses all jobs. Set appendonly yes.' }
}

function parseInfo (text: string): Map<string, string> {
  return new Map(text.split('\r\n').filter(line => line.includes(':')).map(line => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]))
}

async function check (probe: () => Promise<Check | void>): Promise<Check> {
  try {
    return await probe() ?? { status: 'ok' }
  } catch (error) {
    return { status: 'fail', message: (error as Error).message }
  }
}
