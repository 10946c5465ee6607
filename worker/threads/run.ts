import { inspect } from 'node:util'
import { DoNotRetryError } from '../errors.ts'
import { MAX_RESULT } from '../json-text.ts'
import { LEVELS } from './message.ts'
import type { Level, Said, Thrown, Work } from './message.ts'

// Runs in a thread of the pool.

/** Calls the handler of a module. What comes of it goes through the port, behind all that it said before. */
export default async function run ({ module, job, parents, trace, port }: Work): Promise<void> {
  const say = (said: Said) => port.postMessage(said)
  try {
    const { default: handler } = await import(module) as { default?: unknown }
    if (typeof handler !== 'function') throw new TypeError(`${module} has no default export that is a function`)
    const result = await handler({ ...job, input: JSON.parse(job.inputText) }, {
      log: Object.fromEntries(LEVELS.map(level => [level, (...args: unknown[]) => sayLog(say, level, args)])),
      progress: async (percent: number, message?: string) => {
        if (typeof percent !== 'number' || !(percent >= 0 && percent <= 100)) throw new RangeError(`ctx.progress: percent is ${percent}; it must be from 0 to 100`)
        say({ percent, message })
      },
      parents: async () => parents,
      trace
    })
    const text = JSON.stringify(result) as string | undefined
    // The main thread would refuse it all the same, once it had a copy of it.
    if (text !== undefined && text.length > MAX_RESULT) throw new DoNotRetryError(`The handler's result is larger than ${MAX_RESULT} bytes of JSON.`)
    say({ result: text })
  } catch (error) {
    say({ thrown: thrownOf(error) })
  } finally {
    port.close()
  }
}

function sayLog (say: (said: Said) => void, log: Level, args: unknown[]): void {
  try {
    say({ log, args })
  } catch {
    // Something in it cannot be cloned.
    say({ log, args: [args.map(arg => typeof arg === 'string' ? arg : inspect(arg)).join(' ')] })
  }
}

function thrownOf (error: unknown): Thrown {
  try {
    const { name, message, stack, retry, counts, retryAfterSeconds } = Object(error) as Record<string, unknown>
    return {
      name: textOf(name),
      message: textOf(message) ?? (typeof error === 'string' ? error : inspect(error, { depth: 1 })),
      stack: textOf(stack),
      retry: retry !== false,
      counts: counts !== false,
      ...(typeof retryAfterSeconds === 'number' && { retryAfterSeconds })
    }
  } catch {
    return { message: 'The handler threw something that cannot be read.' }
  }
}

function textOf (value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
