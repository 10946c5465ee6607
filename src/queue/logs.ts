import type { Redis } from 'ioredis'
import { isOutOfMemory } from './errors.ts'
import { fromUuid } from './ids.ts'
import { DEFAULT_QUEUE } from './keys.ts'
import type { Keys } from './keys.ts'
import { run } from './scripts.ts'
import type { ScriptArg } from './scripts.ts'

// The lines that handlers have logged and that are kept with their jobs.

/** So many lines of a job are kept at most, the newest. */
export const MAX_LINES = 1000
/** And so many bytes. */
export const MAX_LOG = 1024 * 1024
/** Bytes of one line. */
export const MAX_LINE = 8192

/** By their number, which is also what a line counts as that has a number between them. */
export const LEVELS = { trace: 10, debug: 20, info: 30, warn: 40, error: 50, fatal: 60 } as const
export type Level = keyof typeof LEVELS

/** What a line says. */
export interface LineText {
  message: string
  fields: Record<string, unknown>
  /** it was too long, and is not all there */
  cut?: true
}

/** A line as its worker has it. */
export interface NewLine {
  /** how long ago it was logged */
  age_ms: number
  level: number
  /** a LineText as JSON, at most MAX_LINE bytes */
  text: string
}

/** What a running job has logged. */
export interface NewLines {
  id: string
  token: string
  /** so many that came before these are not here */
  dropped: number
  lines: NewLine[]
}

export interface Line extends LineText {
  /** 1 for the first that the job logged; where some are missing lines were dropped */
  line: number
  /** ms by Redis's clock */
  at: number
  level: Level
  attempt: number
}

export interface LogPage {
  items: Line[]
  next_cursor: string | null
  /** lines that are not there any more, or never were */
  dropped: number
}

export interface LogQuery {
  limit: number
  order: 'oldest' | 'newest'
  /** the number of the last line that is known */
  cursor?: string
  /** this level and those above it */
  level?: Level
  attempt?: number
}

/**
 * Keeps lines of jobs that a worker holds: at most 1,000. Tells which jobs are still the worker's; of the others
 * nothing is kept. When Redis is out of memory the lines are only counted.
 */
export async function writeLines (redis: Redis, keys: string[], queue: string, worker: string, jobs: NewLines[]): Promise<{ held: boolean[], kept: boolean }> {
  const args: ScriptArg[] = [queue, worker]
  for (const { id, token, dropped, lines } of jobs) {
    args.push(id, token, dropped, lines.length)
    for (const { age_ms, level, text } of lines) args.push(Math.max(0, Math.round(age_ms)), level, text)
  }
  const held = (stale: unknown) => jobs.map((_, i) => !(stale as number[]).includes(i + 1))
  try {
    return { held: held(await run(redis, 'log', keys, args)), kept: true }
  } catch (error) {
    if (!isOutOfMemory(error)) throw error
  }
  const counts = jobs.flatMap(({ id, token, dropped, lines }) => [id, token, dropped + lines.length])
  return { held: held(await run(redis, 'unlogged', keys, [queue, worker, ...counts])), kept: false }
}

/** The lines of a job; undefined when there is no such job. */
export async function readLines (redis: Redis, keys: Keys, uuid: string, { limit, order, cursor = '', level = 'trace', attempt }: LogQuery): Promise<LogPage | undefined> {
  const least = level === 'trace' ? 0 : LEVELS[level]
  const reply = await run(redis, 'logs', keys.of(DEFAULT_QUEUE), [DEFAULT_QUEUE, fromUuid(uuid), order, limit, cursor, least, attempt ?? ''])
  const [exists, dropped, more, lines] = reply as [0 | 1, number, 0 | 1, string[]]
  if (!exists) return undefined
  const items = lines.map(decodeLine)
  return { items, next_cursor: more ? String(items.at(-1)!.line) : null, dropped }
}

const HEAD = /^(\d+) (\d+) (\d+) (\d+) /

function decodeLine (entry: string): Line {
  const [head, line, at, level, attempt] = HEAD.exec(entry)!
  const { message, fields, cut } = JSON.parse(entry.slice(head.length)) as LineText
  return { line: Number(line), at: Number(at), level: levelName(Number(level)), message, attempt: Number(attempt), fields, cut }
}

function levelName (level: number): Level {
  const names = Object.keys(LEVELS) as Level[]
  return names.findLast(name => LEVELS[name] <= level) ?? 'trace'
}
