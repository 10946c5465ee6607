/** Source text as it is, where `literal` would else quote it. */
export class Code {
  readonly text: string

  constructor (text: string) {
    this.text = text
  }
}

/** A value as a JavaScript expression: short ones in one line, others indented. It may hold Code; the key `...` spreads it. */
export function literal (value: unknown): string {
  if (value instanceof Code) return value.text
  if (typeof value === 'string') return quote(value)
  if (typeof value !== 'object' || value === null) return String(value)
  if (Array.isArray(value)) return enclose('[', value.map(literal), ']', '')
  const entries = Object.entries(value).filter(([, item]) => item !== undefined)
  return enclose('{', entries.map(([key, item]) => member(key, literal(item))), '}', ' ')
}

function member (key: string, text: string): string {
  if (key === '...') return `...${text}`
  return `${/^([a-z_$][\w$]*|\d+)$/i.test(key) ? key : quote(key)}: ${text}`
}

/** A call; arguments that are empty objects are left out. */
export function call (name: string, ...args: unknown[]): Code {
  const texts = args.map(literal).filter(text => text !== '{}')
  return new Code(`${name}(${texts.join(', ')})`)
}

function enclose (open: string, items: string[], close: string, padding: string): string {
  if (items.length === 0) return open + close
  const line = open + padding + items.join(', ') + padding + close
  if (line.length <= 100 && !line.includes('\n')) return line
  return `${open}\n${items.join(',\n').replace(/^/gm, '  ')}\n${close}`
}

function quote (text: string): string {
  return `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
}
