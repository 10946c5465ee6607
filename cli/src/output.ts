import { styleText } from 'node:util'
import { SingleBar } from 'cli-progress'
import Table from 'cli-table3'
import type { Schemas } from './api.ts'

type Style = Parameters<typeof styleText>[0]

const STATUS_STYLES: Partial<Record<string, Style>> = { active: 'cyan', started: 'cyan', retrying: 'yellow', completed: 'green', failed: 'red', cancelled: 'gray' }
const NO_LINES = { top: '', 'top-mid': '', 'top-left': '', 'top-right': '', bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '', left: '', 'left-mid': '', mid: '', 'mid-mid': '', right: '', 'right-mid': '', middle: '  ' }

/** Where a command writes to: what it found to stdout, what it says about it to stderr. */
export class Output {
  readonly json: boolean

  constructor (json: boolean) {
    this.json = json
  }

  /** A line of what was found. */
  line (text: string): void {
    process.stdout.write(`${text}\n`)
  }

  /** A line about it. */
  note (text: string): void {
    process.stderr.write(`${text}\n`)
  }

  table (head: string[], rows: string[][]): void {
    const table = new Table({ head: head.map(name => this.#styled('bold', name)), chars: NO_LINES, style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 } })
    table.push(...rows)
    for (const line of table.toString().split('\n')) this.line(line.trimEnd())
  }

  /** Name and value, a line each. */
  fields (value: object): void {
    const entries = Object.entries(value).filter(([, value]) => value !== undefined)
    const width = Math.max(...entries.map(([name]) => name.length))
    for (const [name, value] of entries) this.line(`${this.#styled('bold', name.padEnd(width))}  ${name === 'status' ? this.status(value) : shown(value)}`)
  }

  /** A status, or the kind of an event, in its colour. */
  status (name: string, width = 0): string {
    const style = STATUS_STYLES[name]
    return style ? this.#styled(style, name.padEnd(width)) : name.padEnd(width)
  }

  /** A bar on stderr while something takes long; nothing where nobody looks on. */
  bar (what: string, total: number): { at: (done: number) => void, end: () => void } {
    if (!process.stderr.isTTY || total === 0) return { at () {}, end () {} }
    const bar = new SingleBar({ format: `${what} [{bar}] {percentage}% {value} of {total}`, stream: process.stderr, barsize: 30, hideCursor: true })
    bar.start(total, 0)
    return { at: done => bar.update(Math.min(done, total)), end: () => bar.stop() }
  }

  #styled (style: Style, text: string): string {
    return process.stdout.isTTY && process.stdout.hasColors() ? styleText(style, text) : text
  }
}

/** A value on one line, as it can be shown in any terminal. */
export function shown (value: unknown): string {
  return printable(typeof value === 'string' ? value : JSON.stringify(value))
}

/** With control characters, which could make a terminal do anything, in their escaped form: texts come from anybody. */
export function printable (text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** At most `length` characters of it. */
export function short (text: string, length: number): string {
  const chars = Array.from(printable(text))
  return chars.length > length ? `${chars.slice(0, length - 1).join('')}…` : chars.join('')
}

/** A time to the second, such as `2025-01-01 09:30:00Z`. */
export function time (text: string | undefined): string {
  return text ? `${text.slice(0, 19).replace('T', ' ')}Z` : '-'
}

/** Jobs, a line each, with why the failed ones did. */
export function jobTable (output: Output, jobs: Schemas['Job'][]): void {
  const failed = jobs.some(job => job.error)
  output.table(['ID', 'STATUS', 'QUEUE', 'TASK', 'ATTEMPT', 'CREATED', ...(failed ? ['ERROR'] : [])], jobs.map(job => [
    job.id, output.status(job.status), job.queue, short(job.task, 40), `${job.attempt}/${job.max_attempts}`, time(job.created_at),
    ...(failed ? [job.error ? short(`${job.error.reason}: ${job.error.message}`, 60) : ''] : [])
  ]))
}

/** A page: as it was answered, or as a table; and how to see the rest. */
export function showPage<T> (output: Output, { value, text }: { value: { items: T[], next_cursor: string | null }, text: string }, show: (items: T[]) => void): void {
  if (output.json) return output.line(text)
  show(value.items)
  if (value.next_cursor) output.note(`There are more: --cursor ${value.next_cursor}`)
}
