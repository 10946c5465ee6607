import { MAX_LINE } from './logs.ts'
import type { LineText } from './logs.ts'

/** Of a line that is too long the message has at most so many bytes as JSON. */
const MAX_MESSAGE = MAX_LINE / 2

/** What a line says, as JSON of at most MAX_LINE bytes: cut if that is too little. */
export function lineText (said: LineText): string {
  const whole = textOf(said)
  return fits(whole, MAX_LINE) ? whole : textOf(cut(said))
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
