import { createHash } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import type { Redis } from 'ioredis'
import { explain } from './errors.ts'
import { ScriptCall } from './script-call.ts'

export type ScriptName = 'submit' | 'create' | 'work' | 'heartbeat' | 'progress' | 'due' | 'sweep' | 'redrive' | 'control' | 'read' | 'find' | 'dlq' | 'stats' | 'workers' | 'pause' | 'configure' | 'limits' | 'purge' | 'log' | 'unlogged' | 'logs' | 'edit' | 'schedule' | 'switch' | 'slots' | 'fire' | 'relay' | 'webhook' | 'endpoint'
export type ScriptArg = string | number

interface Script { source: string, sha: string }

const FOLDER = new URL('./lua/', import.meta.url)
const INCLUDE = /^-- include (\S+)\n/gm
const EXPORTS = /^-- exports (.+)$/m

/**
 * A script's text with each `-- include lib/x` line replaced, once, by that file. Lua has room for 200 names in one function, as the whole
 * of it is one: where the head of a file says `-- exports a, b` all other names in it are its own.
 */
function assemble (file: string, seen: Set<string>): string {
  const include = (text: string) => text.replace(INCLUDE, (_, name: string) => {
    if (seen.has(name)) return ''
    seen.add(name)
    return assemble(name, seen)
  })
  const text = readFileSync(new URL(`${file}.lua`, FOLDER), 'utf8')
  const exported = EXPORTS.exec(text)?.[1]
  if (exported === undefined) return include(text)
  const names = exported.split(', ')
  const body = text.replace(INCLUDE, '').replace(/^local (?:function )?(\w+)(?= \(| = )/gm, (line, name: string) => names.includes(name) ? line.slice('local '.length) : line)
  return `${include((text.match(INCLUDE) ?? []).join(''))}local ${exported}\ndo\n${body}\nend\n`
}

function load (): Record<ScriptName, Script> {
  const files = readdirSync(FOLDER).filter(file => file.endsWith('.lua'))
  return Object.fromEntries(files.map(file => {
    const name = file.slice(0, -'.lua'.length)
    const source = assemble(name, new Set())
    return [name, { source, sha: createHash('sha1').update(source).digest('hex') }]
  })) as Record<ScriptName, Script>
}

const SCRIPTS = load()

/** Awaits a call to Redis; throws a QueueUnavailableError when it cannot serve it. */
export async function ask<T> (call: Promise<T>): Promise<T> {
  try {
    return await call
  } catch (error) {
    throw explain(error)
  }
}

/**
 * Runs one script. Throws a QueueUnavailableError when Redis cannot serve it; whether the script ran is then unknown.
 * A Redis that does not know the script (restarted, failed over, flushed) is told, and asked again.
 */
export async function run (redis: Redis, name: ScriptName, keys: string[], args: ScriptArg[]): Promise<unknown> {
  const { sha, source } = SCRIPTS[name]
  try {
    return await redis.sendCommand(new ScriptCall(sha, keys, args))
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw explain(error)
  }
  // In arrays, which ioredis flattens itself: to spread thousands of arguments over a call takes its time.
  return await ask(redis.eval(source, keys.length, keys as never, args as never))
}

/** Loads all scripts, so that a text that this Redis refuses is found at start. */
export async function loadScripts (redis: Redis): Promise<void> {
  for (const { source } of Object.values(SCRIPTS)) await redis.script('LOAD', source)
}

/** Whether Redis has all scripts. */
export async function scriptsLoaded (redis: Redis): Promise<boolean> {
  const known = await redis.script('EXISTS', ...Object.values(SCRIPTS).map(script => script.sha)) as number[]
  return known.every(Boolean)
}
