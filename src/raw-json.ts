import { randomUUID } from 'node:crypto'

/**
 * JSON text that goes into a reply as it is. Serialising one gives a placeholder string and
 * collects the text; when the whole reply is text, `splicing` puts the one in place of the
 * other. Nobody outside the process can know the placeholder, so no user's data contains it.
 */
const PLACEHOLDER = randomUUID()

/** The texts of the serialisation that is running; serialising is synchronous, so there is only one. */
let collected: string[] | undefined

class RawJson {
  readonly #text: string

  constructor (text: string) {
    this.#text = text
  }

  toJSON (): unknown {
    // Not in a reply, but in a log line, say: the value itself.
    if (collected === undefined) return JSON.parse(this.#text)
    return `${PLACEHOLDER}:${collected.push(this.#text) - 1}`
  }
}

export type { RawJson }

/**
 * A value that a reply contains as exactly `text`, which must be valid JSON and is not
 * checked. It works wherever the reply's schema allows any value.
 */
export function rawJson (text: string): RawJson {
  return new RawJson(text)
}

/** `stringify`, with raw JSON in its result. */
export function splicing<T> (stringify: (value: T) => string): (value: T) => string {
  return function stringifyRaw (value) {
    const outer = collected
    const texts: string[] = collected = []
    try {
      const json = stringify(value)
      return texts.length === 0 ? json : fill(json, texts)
    } finally {
      collected = outer
    }
  }
}

/** Puts the texts in place of their placeholders, `"<PLACEHOLDER>:<index>"`. */
function fill (json: string, texts: string[]): string {
  const [start = '', ...parts] = json.split(`"${PLACEHOLDER}:`)
  let filled = start
  for (const part of parts) {
    const end = part.indexOf('"')
    filled += texts[Number(part.slice(0, end))]! + part.slice(end + 1)
  }
  return filled
}
