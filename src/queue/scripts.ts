import type { Redis } from 'ioredis'
import { explain } from './errors.ts'
import { assemble } from './library.ts'
import { Parameters, ScriptCall } from './script-call.ts'

export type ScriptName = 'submit' | 'create' | 'work' | 'heartbeat' | 'progress' | 'due' | 'sweep' | 'redrive' | 'control' | 'read' | 'find' | 'dlq' | 'stats' | 'census' | 'scale' | 'workers' | 'order' | 'renew' | 'park' | 'secret' | 'pause' | 'configure' | 'limits' | 'purge' | 'log' | 'unlogged' | 'logs' | 'edit' | 'schedule' | 'switch' | 'slots' | 'fire' | 'relay' | 'webhook' | 'endpoint'
export type ScriptArg = string | number

const LIBRARY = assemble()

/** Awaits a call to Redis; throws a QueueUnavailableError when it cannot serve it. */
export async function ask<T> (call: Promise<T>): Promise<T> {
  try {
    return await call
  } catch (error) {
    throw explain(error)
  }
}

/** Redis's clock, ms; throws as `ask`. */
export async function redisTime (redis: Redis): Promise<number> {
  const [seconds, micros] = await ask(redis.time())
  return Number(seconds) * 1000 + Math.floor(Number(micros) / 1000)
}

/**
 * Runs one script. Rejects with a QueueUnavailableError when Redis cannot serve it; whether the script ran is then unknown.
 * A Redis that has not got the library (flushed, replaced, or another version took it away) is given it, and asked again; one that is too full
 * for that is sent the text with each call, so that it can be drained.
 */
export function run (redis: Redis, name: ScriptName, keys: string[], args: ScriptArg[]): Promise<unknown> {
  return send(redis, name, new Parameters(keys, args))
}

async function send (redis: Redis, name: ScriptName, parameters: Parameters): Promise<unknown> {
  const fcall = () => redis.sendCommand(new ScriptCall(name, ['fcall', LIBRARY.functionOf(name)], parameters)) as Promise<unknown>
  try {
    return await fcall()
  } catch (error) {
    if (!(error instanceof Error) || !error.message.includes('Function not found')) throw explain(error)
  }
  if (await loadScripts(redis)) return await ask(fcall())
  return await ask(redis.sendCommand(new ScriptCall(name, ['eval', LIBRARY.scriptOf(name)], parameters)) as Promise<unknown>)
}

/** Gives Redis the library, if it has not got it. Returns false when it is too full. */
export async function loadScripts (redis: Redis, library = LIBRARY): Promise<boolean> {
  try {
    await redis.function('LOAD', library.source)
  } catch (error) {
    if (!(error instanceof Error)) throw error
    if (error.message.startsWith('OOM')) return false
    if (!/Library '\w+' already exists/.test(error.message)) throw explain(error)
  }
  return true
}

/** Whether Redis has the library. */
export async function scriptsLoaded (redis: Redis): Promise<boolean> {
  return (await librariesOf(redis, LIBRARY.name)).length > 0
}

/** Takes the libraries of other versions away. A process of such a version that still runs gives Redis its own again. */
export async function dropOtherScripts (redis: Redis): Promise<void> {
  for (const name of await librariesOf(redis, 'bellhop_*')) {
    // Somebody else may do the same at the same time.
    if (name !== LIBRARY.name) await redis.function('DELETE', name).catch((error: Error) => { if (!error.message.includes('not found')) throw error })
  }
}

async function librariesOf (redis: Redis, pattern: string): Promise<string[]> {
  const found = await redis.function('LIST', 'LIBRARYNAME', pattern) as string[][]
  return found.map(library => library[library.indexOf('library_name') + 1]!)
}
