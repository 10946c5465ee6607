import { MAX_LINE } from '../src/queue/logs.ts'
import type { LineText } from '../src/queue/logs.ts'

/** Of a line that is too long the message has at most so many bytes as JSON. */
const MAX_MESSAGE = MAX_LINE / 2

/**
 * What a line of pino says: its message and the fields that belong to it alone.
 * @param shared the JSON of the last field that all lines of the job have: what comes before is not the line's own
 */
export function lineText (line: string, shared: string): string {
  const said = read(line.slice(line.indexOf(shared) + shared.length))
  const whole = textOf(said)
  return fits(whole, MAX_LINE) ? whole : textOf(cut(said))
}

/** @param own what comes behind the shared fields: it begins with a comma if there is anything */
function read (own: string): LineText {
  try {
    const fields = JSON.parse(`{${own.replace(/^,/, '')}`) as Record<string, unknown>
    const { msg = '', ...others } = fields
    return typeof msg === 'string' ? { message: msg, fields: others } : { message: '', fields }
  } catch {
    // A serializer of the handler's own can write anything, and a line that cannot be kept as it is must not fail its job.
    return { message: own.trim(), fields: {} }
  }
}

/** As much of it as there is room for: the message first, then one field after the other, without those that are too large. */
function cut ({ message, fields }: LineText): LineText {
  const short = { message: cutText(message), fields: {} as Record<string, unknown>, cut: true as const }
  let left = MAX_LINE - Buffer.byteLength(textOf(short))
  for (const [name, value] of Object.entries(fields)) {
    const size = Buffer.byteLength(textOf({ [name]: value }))
    if (size > left) continue
    short.fields[name] = value
    left -= size
  }
  return short
}

function cutText (text: string): string {
  let short = text.slice(0, MAX_MESSAGE)
  while (!fits(textOf(short), MAX_MESSAGE)) short = short.slice(0, Math.floor(short.length * 0.8))
  // No half of a pair.
  return /[\ud800-\udbff]$/.test(short) ? short.slice(0, -1) : short
}

function textOf (value: unknown): string {
  return JSON.stringify(value)
}

function fits (text: string, bytes: number): boolean {
  // A character has at most three bytes: short texts need not be measured.
  return text.length <= bytes / 3 || Buffer.byteLength(text) <= bytes
}
