import { createHash } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'

// The Redis functions of the engine, which are one library. A file in lua/ is the body of one function; those in lua/lib are what functions
// have in common, and are there once. All of it is made when Redis is given the library, not each time that a function runs, as with scripts.

const FOLDER = new URL('./lua/', import.meta.url)
const INCLUDE = /^-- include (\S+)$/gm
const EXPORTS = /^-- exports (.+)$/gm
const LOCAL = /^local (?:function (?=\w)|([\w, ]+?)(?= = | --|$))/
const FLAGS = /^#!lua(?: flags=(\S+))?\n/
const SCRIPT_START = 'local functions, given_keys, given_args = {}, KEYS, ARGV\nlocal function register (one) functions[one.function_name] = one.callback end\n'

const read = (file: string): string => readFileSync(new URL(`${file}.lua`, FOLDER), 'utf8')
const captures = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map(match => match[1]!)

/**
 * The text of a file in lua/lib as a block, out of which only those names are seen that its lines `-- exports a, b` name. Lua has room for 200
 * names in one function, as the whole library is one.
 */
function block (file: string, text: string, taken: Set<string>): string {
  const names = captures(text, EXPORTS).flatMap(line => line.split(', '))
  for (const name of names) {
    if (taken.has(name)) throw new Error(`${file}.lua exports ${name}, as another file does`)
    taken.add(name)
  }
  const body = text.split('\n').map(line => {
    const [start, list] = LOCAL.exec(line) ?? []
    if (start === undefined) return line
    const declared = list?.split(', ') ?? [/function (\w+)/.exec(line)![1]!]
    if (!declared.some(name => names.includes(name))) return line
    if (!declared.every(name => names.includes(name))) throw new Error(`${file}.lua declares what it exports together with other names: ${line}`)
    return list === undefined || line.includes(' = ') ? line.slice('local '.length) : `-- ${line}`
  })
  return `local ${names.join(', ')}\ndo\n${body.join('\n')}end\n`
}

/** The blocks of the files that a text includes, each once and behind those that it includes itself. */
function blocks (text: string, seen: Set<string>, taken: Set<string>): string {
  return captures(text, INCLUDE).map(file => {
    if (seen.has(file)) return ''
    seen.add(file)
    const included = read(file)
    return blocks(included, seen, taken) + block(file, included, taken)
  }).join('')
}

/** A file in lua/ as a function. One that includes nothing works in no queue, and gets its KEYS and ARGV as they are. */
function register (name: string, text: string): string {
  const flags = FLAGS.exec(text)?.[1]?.split(',') ?? []
  const [parameters, start] = text.search(INCLUDE) < 0 ? ['KEYS, ARGV', ''] : ['keys, args', 'start(keys, args)\n']
  const body = text.replace(FLAGS, '')
  return `register{ function_name = '${name}', flags = { ${flags.map(flag => `'${flag}'`).join(', ')} }, callback = function (${parameters})\n${start}${body}end }\n`
}

export interface Library {
  name: string
  /** what FUNCTION LOAD takes */
  source: string
  /** the same as the text of a script that runs the function of a file in lua/, for a Redis that is too full to be given a library */
  scriptOf: (file: string) => string
  /** the name in Redis of the function of a file in lua/ */
  functionOf: (file: string) => string
}

/**
 * The library as `revise` makes it, by default as it stands. Its name and those of its functions end in a digest of its text, so that in one Redis each
 * version of the engine finds its own.
 */
export function assemble (prefix = 'bellhop', revise: (text: string) => string = text => text): Library {
  const files = readdirSync(FOLDER).filter(file => file.endsWith('.lua')).map(file => file.slice(0, -'.lua'.length)).sort()
  const texts = new Map(files.map(file => [file, revise(read(file))]))
  const seen = new Set<string>()
  const taken = new Set<string>()
  const shared = revise([...texts.values()].map(text => blocks(text, seen, taken)).join(''))
  const digest = createHash('sha1').update(shared).update([...texts.values()].join('')).digest('hex').slice(0, 8)
  const functionOf = (file: string) => `${prefix}_${file}_${digest}`
  const name = `${prefix}_${digest}`
  const all = shared + [...texts].map(([file, text]) => register(functionOf(file), text)).join('')
  const source = `#!lua name=${name}\nlocal register = redis.register_function\n${all}`
  const scriptOf = (file: string) => `${FLAGS.exec(texts.get(file)!)![0]}${SCRIPT_START}${all}return functions['${functionOf(file)}'](given_keys, given_args)\n`
  return { name, source, functionOf, scriptOf }
}
