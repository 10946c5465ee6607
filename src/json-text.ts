/**
 * Finds the source text of a JSON object's members, so that a payload can be kept and
 * handed back exactly as it was written: JSON.parse loses 1.0, 1e-400 and whatever is
 * beyond 2^53.
 *
 * The scan reads text that may turn out not to be JSON: it never throws and takes linear
 * time on any input. Its spans mean something once JSON.parse has accepted the same text.
 */

const QUOTE = 0x22
const COMMA = 0x2c
const COLON = 0x3a
const Z = 0x5a
const BACKSLASH = 0x5c
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d

export interface JsonScan {
  readonly text: string
  /** Offset of the bracket that opens one level too many, -1 if there is none. */
  readonly tooDeepAt: number
  /** Four offsets a member of the outermost object: key start, key end, value start, value end. */
  readonly spans: readonly number[]
}

/** One pass over `text`; stops at the first bracket that nests deeper than `maxDepth`. */
export function scanJson (text: string, maxDepth: number): JsonScan {
  const spans: number[] = []
  let depth = 0
  let keyStart = 0
  let keyEnd = 0
  let valueStart = -1

  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i)
    if (char === QUOTE) {
      const end = stringEnd(text, i)
      if (depth === 1 && valueStart === -1) {
        keyStart = i
        keyEnd = end
      }
      i = end - 1
    } else if (char > Z) {
      // In ASCII the square bracket and the brace of a side differ by this bit alone.
      const bracket = char | 0x20
      if (bracket === OPEN_BRACE) {
        if (++depth > maxDepth) return { text, tooDeepAt: i, spans }
      } else if (bracket === CLOSE_BRACE) {
        if (--depth === 0 && valueStart !== -1) {
          spans.push(keyStart, keyEnd, valueStart, i)
          valueStart = -1
        }
      }
    } else if (depth === 1) {
      if (char === COLON) {
        valueStart = i + 1
      } else if (char === COMMA && valueStart !== -1) {
        spans.push(keyStart, keyEnd, valueStart, i)
        valueStart = -1
      }
    }
  }
  return { text, tooDeepAt: -1, spans }
}

/**
 * The exact source of the value of the outermost object's member `name`, without the
 * whitespace around it; undefined if there is no such member. Of duplicates the last one
 * counts, and a key may be written with escapes: as JSON.parse has it.
 */
export function memberText ({ text, spans }: JsonScan, name: string): string | undefined {
  for (let i = spans.length - 4; i >= 0; i -= 4) {
    if (isKeyAt(text, spans[i]!, spans[i + 1]!, name)) return text.slice(spans[i + 2], spans[i + 3]).trim()
  }
}

export interface ItemTexts {
  /** Two offsets an item: where it starts and ends in the text. */
  readonly spans: readonly number[]
  /** As `memberText` has it. */
  readonly members: readonly (string | undefined)[]
}

/** Of each object in the array that `text` is, the member `name`. One pass; `text` must be valid JSON. */
export function itemTexts (text: string, name: string): ItemTexts {
  const spans: number[] = []
  const members: (string | undefined)[] = []
  let member: string | undefined
  let depth = 0
  let itemStart = 0
  let keyStart = 0
  let keyEnd = 0
  let valueStart = -1

  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i)
    if (char === QUOTE) {
      const end = stringEnd(text, i)
      if (valueStart === -1) {
        keyStart = i
        keyEnd = end
      }
      i = end - 1
      continue
    }
    const bracket = char > Z ? char | 0x20 : 0
    const ends = depth === 2 && (char === COMMA || bracket === CLOSE_BRACE)
    if (ends && valueStart !== -1) {
      if (isKeyAt(text, keyStart, keyEnd, name)) member = text.slice(valueStart, i).trim()
      valueStart = -1
    }
    if (bracket === OPEN_BRACE) {
      if (++depth === 2) itemStart = i
    } else if (bracket === CLOSE_BRACE) {
      if (--depth === 1) {
        spans.push(itemStart, i + 1)
        members.push(member)
        member = undefined
      }
    } else if (char === COLON && depth === 2) {
      valueStart = i + 1
    }
  }
  return { spans, members }
}

/** From `start` to `end` stands the key with its quotes; it may be written with escapes, and is then longer. */
function isKeyAt (text: string, start: number, end: number, name: string): boolean {
  const length = end - start - 2
  if (length === name.length) return text.startsWith(name, start + 1)
  return length > name.length && text.slice(start, end).includes('\\') && JSON.parse(text.slice(start, end)) === name
}

/** The offset after the closing quote of the string that opens at `start`. */
function stringEnd (text: string, start: number): number {
  let quote = text.indexOf('"', start + 1)
  while (quote !== -1 && isEscaped(text, quote)) quote = text.indexOf('"', quote + 1)
  return quote === -1 ? text.length : quote + 1
}

/** An odd number of backslashes before a character escapes it. */
function isEscaped (text: string, at: number): boolean {
  let backslashes = 0
  while (text.charCodeAt(at - 1 - backslashes) === BACKSLASH) backslashes++
  return backslashes % 2 === 1
}
