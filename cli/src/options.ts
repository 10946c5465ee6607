import { InvalidArgumentError, Option } from 'commander'
import { CommandError, EXIT } from './exit.ts'

/** A number; what is allowed beyond that the contract says, and the server. */
export function number (text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('It must be a number.')
  return value
}

export function whole (text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.')
  return Number(text)
}

export function positive (text: string): number {
  const value = number(text)
  if (value <= 0 || value > 86_400) throw new InvalidArgumentError('It must be a number of seconds, more than 0 and at most 86400.')
  return value
}

export function address (text: string): string {
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) throw new InvalidArgumentError('It must be an address like http://localhost:3000.')
  const { username, password, search, hash } = new URL(text)
  if (username || password || search || hash) throw new InvalidArgumentError('It must be an address like http://localhost:3000, without user name, password, ? and #.')
  return text
}

/** What goes into a header as it is. */
export function headerText (text: string): string {
  if (!/^[!-~]([ -~]*[!-~])?$/.test(text)) throw new InvalidArgumentError('It must be printable ASCII characters.')
  return text
}

/** For options that can be given several times. */
export function collect (text: string, before: string[] = []): string[] {
  return [...before, text]
}

/** The same for `key=value`. */
export function pairs (text: string, before: Record<string, string> = {}): Record<string, string> {
  const at = text.indexOf('=')
  if (at < 1) throw new InvalidArgumentError('It must be key=value.')
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) }
}

/** The key, which no message may repeat. */
export function apiKeyOf (text: string | undefined): string | undefined {
  if (!text) return undefined
  if (!/^[!-~]+$/.test(text)) throw new CommandError('--api-key (BELLHOP_API_KEY) must be printable ASCII characters without spaces, as `npm run key` prints a key.', EXIT.usage)
  return text
}

export const limitOption = (fallback: number, most: number) => new Option('-n, --limit <count>', `how many at most, up to ${most}`).argParser(whole).default(fallback)
export const cursorOption = () => new Option('--cursor <cursor>', 'go on where the page before ended')
export const queueOption = (what: string) => new Option('-q, --queue <queue>', what)

/** Some of these, with commas between them or the option several times. An option that takes all words after it would take the arguments, too. */
export function someOf<T extends string> (flags: string, what: string, names: T[]): Option {
  return new Option(flags, `${what}: ${names.join(', ')}; several with commas`).argParser((text: string, before: T[] = []) => {
    const given = text.split(',') as T[]
    for (const name of given) if (!names.includes(name)) throw new InvalidArgumentError(`It must be some of ${names.join(', ')}.`)
    return [...new Set([...before, ...given])]
  })
}

/** The choices of a field of the contract, each of which must be named for it to compile. */
export function choices<T extends string> (names: Record<T, true>): T[] {
  return Object.keys(names) as T[]
}
