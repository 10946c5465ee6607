import type { FastifyServerOptions } from 'fastify'
import { destination, pino } from 'pino'
import type { Config } from './config.ts'

const SECRETS = ['req.headers.authorization', 'headers.authorization', 'req.headers.cookie', 'headers.cookie', 'err.config', 'err.command']

/** How the container logs: JSON lines, or for people; secrets left out. */
export function loggerOptions ({ logLevel, logFormat, logRedact }: Pick<Config, 'logLevel' | 'logFormat' | 'logRedact'>): FastifyServerOptions['logger'] {
  return {
    level: logLevel,
    redact: [...SECRETS, ...logRedact],
    ...(logFormat === 'pretty'
      ? { transport: { target: 'pino-pretty', options: { translateTime: 'HH:MM:ss.l', ignore: 'pid,hostname', singleLine: true } } }
      : { stream: standardOutput() })
  }
}

/** Whether these are paths that can be left out. */
export function canRedact (paths: readonly string[]): boolean {
  try {
    pino({ redact: [...paths] }, { write () {} })
    return true
  } catch {
    return false
  }
}

interface Lines { write (line: string): void }

let lines: Lines | undefined

/**
 * Standard output, shared by all apps of the process: the lines of one turn of the event loop are written with one call at its
 * end, and what is left at the end of the process.
 */
function standardOutput (): Lines {
  if (lines) return lines
  const out = destination({ dest: 1, sync: true })
  let held = ''
  const flush = () => {
    const text = held
    held = ''
    if (text !== '') out.write(text)
  }
  process.once('exit', flush)
  lines = {
    write (line) {
      if (held === '') setImmediate(flush)
      held += line
    }
  }
  return lines
}
