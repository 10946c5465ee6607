import { RE2JS } from 're2js'

interface Tester { test (text: string): boolean }

/**
 * For Ajv: regular expressions whose time grows with the length of the text and no faster, however they are nested. Throws at what only
 * backtracking could find: look-around and back-references.
 */
export const linearRegExp = Object.assign((pattern: string): Tester => {
  try {
    const { source } = new RegExp(pattern, 'u')
    return RE2JS.compile(toRe2(source))
  } catch (error) {
    throw new Error(`the pattern ${JSON.stringify(pattern.slice(0, 100))} cannot be used (${(error as Error).message}): it must be one of ECMAScript with the flag u, and without what RE2 cannot do, as look-around and back-references`)
  }
}, { code: 'linearRegExp' })

const ALL = '\\x00-\\x{10FFFF}'
const LINE_ENDS = '\\n\\r\\x{2028}\\x{2029}'
const SPACES = '\\t-\\r \\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}'
const NO_SPACES = '\\x00-\\x08\\x0e-\\x1f!-\\x{9f}\\x{a1}-\\x{167f}\\x{1681}-\\x{1fff}\\x{200b}-\\x{2027}\\x{202a}-\\x{202e}\\x{2030}-\\x{205e}\\x{2060}-\\x{2fff}\\x{3001}-\\x{fefe}\\x{ff00}-\\x{10ffff}'

const TOKEN = /\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u\{[^}]*\}|\\u[0-9a-fA-F]{4}|\\c[A-Za-z]|\\.|\[\^?\]|./gsu

/** The same expression in RE2's dialect, where that has another form or meaning for something. @param source valid with the flag u */
function toRe2 (source: string): string {
  let inClass = false
  return source.replace(TOKEN, token => {
    if (inClass) {
      if (token === ']') inClass = false
      if (token === '[') return '\\[' // RE2 has named classes
      if (token === '\\b') return '\\x08'
      if (token === '\\s') return SPACES
      if (token === '\\S') return NO_SPACES
    } else {
      if (token === '[]') return `[^${ALL}]`
      if (token === '[^]') return `[${ALL}]`
      if (token === '[') inClass = true
      if (token === '.') return `[^${LINE_ENDS}]`
      if (token === '\\s') return `[${SPACES}]`
      if (token === '\\S') return `[${NO_SPACES}]`
    }
    if (token === '\\0') return '\\x00'
    if (token === '\\/') return '/'
    if (token.startsWith('\\c')) return hex(token.charCodeAt(2) % 32)
    if (token.startsWith('\\u{')) return hex(parseInt(token.slice(3), 16))
    if (token.startsWith('\\u')) return hex(String.fromCharCode(...token.slice(2).split('\\u').map(unit => parseInt(unit, 16))).codePointAt(0)!)
    return token
  })
}

function hex (codePoint: number): string {
  return `\\x{${codePoint.toString(16)}}`
}
