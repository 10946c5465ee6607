import { Command } from 'ioredis'
import type { Library } from './library.ts'

/**
 * An FCALL, of which the bytes that go over the wire are made in one go. ioredis measures every argument and has the socket
 * write text as bytes, which for thousands of arguments takes as long as all else that is done with their jobs.
 */
export class ScriptCall extends Command {
  readonly script: string
  readonly in: string[]
  readonly values: (string | number)[]
  readonly #start: string[]

  constructor (library: Library, script: string, keys: string[], values: (string | number)[]) {
    super('fcall', [], { replyEncoding: 'utf8' })
    this.script = script
    this.in = keys
    this.values = values
    this.#start = ['FCALL', library.functionOf(script), String(keys.length), ...keys]
  }

  override toWritable (): Buffer {
    const text = this.#text(lengthOf)
    const bytes = Buffer.from(text)
    // As many bytes as characters: all of it is ASCII, as mostly, and the lengths in it are right.
    return bytes.length === text.length ? bytes : Buffer.from(this.#text(Buffer.byteLength))
  }

  // Joined, as a text that grows piece by piece is a tree of as many objects.
  #text (size: (text: string) => number): string {
    const parts = [`*${this.#start.length + this.values.length}`]
    for (const text of this.#start) parts.push(head(size(text)), text)
    for (const value of this.values) {
      const text = typeof value === 'string' ? value : String(value)
      parts.push(head(size(text)), text)
    }
    parts.push('')
    return parts.join('\r\n')
  }
}

const HEADS = Array.from({ length: 1024 }, (_, size) => '$' + size)

function head (size: number): string {
  return HEADS[size] ?? '$' + size
}

function lengthOf (text: string): number {
  return text.length
}
