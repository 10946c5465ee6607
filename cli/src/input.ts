import { open } from 'node:fs/promises'
import { CommandError, EXIT } from './exit.ts'

/** What the contract allows an input. */
const MAX_BYTES = 1024 * 1024

export interface InputOptions {
  /** A file with the input. */
  file?: string
  /** The input is a text, not JSON. */
  text?: boolean
}

/** The JSON of a job's input, as it was written; undefined when there is none. `-` is stdin. */
export async function readInput (argument: string | undefined, { file, text }: InputOptions): Promise<string | undefined> {
  if (argument !== undefined && file !== undefined) throw new CommandError('The input is given twice: as an argument and with --file.', EXIT.usage)
  const name = file ?? (argument === '-' ? '-' : undefined)
  const input = name === undefined ? argument : await read(name)
  if (input === undefined) {
    if (text) throw new CommandError('--text needs an input.', EXIT.usage)
    return undefined
  }
  if (text) return JSON.stringify(input)
  try {
    JSON.parse(input)
  } catch (error) {
    const from = name === undefined ? '' : name === '-' ? ' from stdin' : ` in ${name}`
    throw new CommandError(`The input${from} is not JSON: ${(error as Error).message}. With --text it is taken as a text.`, EXIT.usage)
  }
  return input
}

async function read (name: string): Promise<string> {
  const source = name === '-' ? process.stdin : (await opened(name)).createReadStream()
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of source) {
      chunks.push(Buffer.from(chunk))
      bytes += chunk.length
      if (bytes > MAX_BYTES) throw new CommandError(`The input is larger than ${MAX_BYTES} bytes (1 MiB), which is what a job may have.`, EXIT.usage)
    }
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks))
  } catch (error) {
    if (error instanceof CommandError) throw error
    throw new CommandError(`Cannot read ${name === '-' ? 'stdin' : name}: ${(error as Error).message}`, EXIT.usage)
  }
}

async function opened (name: string) {
  try {
    return await open(name)
  } catch (error) {
    throw new CommandError(`--file: ${(error as Error).message}`, EXIT.usage)
  }
}
