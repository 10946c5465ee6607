import { lineText as textOf } from '../src/queue/line-text.ts'
import type { LineText } from '../src/queue/logs.ts'

/**
 * What a line of pino says: its message and the fields that belong to it alone.
 * @param shared the JSON of the last field that all lines of the job have: what comes before is not the line's own
 */
export function lineText (line: string, shared: string): string {
  return textOf(read(line.slice(line.indexOf(shared) + shared.length)))
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
