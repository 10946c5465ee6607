import { Command } from 'ioredis'

/**
 * What a script is called with, as it goes over the wire. It is made in one go: ioredis measures every argument and has the socket write text
 * as bytes, which for thousands of arguments takes as long as all else that is done with their jobs. And what it is made of need not be kept
 * until there is an answer: what is alive the garbage collector copies.
 */
export class Parameters {
  /** how many words they are */
  readonly count: number
  /** each word with its size before it: a short text, or bytes */
  readonly encoded: string | Buffer

  constructor (keys: string[], values: (string | number)[]) {
    const words = [String(keys.length), ...keys]
    for (const value of values) words.push(typeof value === 'string' ? value : String(value))
    this.count = words.length
    // As many bytes as characters: all of it is ASCII, as mostly.
    this.encoded = encode(words, text => text.length) ?? encode(words, Buffer.byteLength)!
  }
}

/** Runs a script. */
export class ScriptCall extends Command {
  readonly script: string
  readonly parameters: Parameters
  readonly #start: [command: 'fcall' | 'eval', functionOrText: string]

  /** @param start which command runs it, and what of it: its function or its text */
  constructor (script: string, start: [command: 'fcall' | 'eval', functionOrText: string], parameters: Parameters) {
    super(start[0], [], { replyEncoding: 'utf8' })
    this.script = script
    this.parameters = parameters
    this.#start = start
  }

  override toWritable (): string | Buffer {
    const [command, text] = this.#start
    const { count, encoded } = this.parameters
    const start = `*${2 + count}${head(command.length)}${command}${head(Buffer.byteLength(text))}${text}`
    return typeof encoded === 'string' ? start + encoded : Buffer.concat([Buffer.from(start), encoded])
  }
}

/** So many characters are written at a time: a write takes its time, and so does a text that is put together of many. */
const CHUNK = 1000
/** A character has no more bytes. */
const MAX_BYTES = 4

/** Returns undefined when a size is not as `sizeOf` has it. */
function encode (words: string[], sizeOf: (text: string) => number): string | Buffer | undefined {
  let length = END.length
  for (const word of words) {
    const size = sizeOf(word)
    length += head(size).length + size
  }
  // With room for one character more, so that what is longer is seen to be.
  const bytes = length > CHUNK ? Buffer.allocUnsafe(length + MAX_BYTES) : undefined
  let at = 0
  let text = ''
  for (const word of words) {
    text += head(sizeOf(word)) + word
    if (!bytes || text.length < CHUNK) continue
    at += bytes.write(text, at)
    text = ''
  }
  text += END
  at += bytes?.write(text, at) ?? Buffer.byteLength(text)
  return at === length ? bytes?.subarray(0, length) ?? text : undefined
}

const END = '\r\n'
const HEADS = Array.from({ length: 1024 }, (_, size) => `\r\n$${size}\r\n`)

/** What stands before a word. */
function head (size: number): string {
  return HEADS[size] ?? `\r\n$${size}\r\n`
}
