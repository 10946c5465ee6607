import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

export interface Ended { code: number | null, out: string, err: string }

export interface Running {
  /** Resolves when it has written that. */
  says: (what: RegExp) => Promise<void>
  /** To its stdin, or terminal. */
  type: (text: string) => void
  interrupt: () => void
  ended: Promise<Ended>
}

interface RunOptions {
  env?: NodeJS.ProcessEnv
  /** Its stdin; nothing by default. */
  input?: string | Buffer
  /** In a terminal, whose output is `out`. */
  isTerminal?: boolean
}

export interface Cli {
  /** The folder of the program, `bellhop`. */
  dir: string
  start: (args: string[], options?: RunOptions) => Running
  run: (args: string[], options?: RunOptions) => Promise<Ended>
}

// Beside what it runs, it hands on what is typed and shown, and ends as that does.
const TERMINAL = ['python3', '-c', 'import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))']

/** The command line as its users have it: built, and in a folder without packages. Gone at the end of `t`. */
export async function buildCli (t: { teardown: (fn: () => Promise<void>) => void }, env: () => NodeJS.ProcessEnv): Promise<Cli> {
  await promisify(execFile)('npm', ['run', '--silent', 'build:cli'])
  const dir = await mkdtemp(join(tmpdir(), 'bellhop-cli-'))
  t.teardown(async () => { await rm(dir, { recursive: true, force: true }) })
  const program = join(dir, 'bellhop')
  await copyFile('cli/dist/bellhop.cjs', `${program}.cjs`)
  // As npm does with what a package has for a command.
  await symlink('bellhop.cjs', program)

  const start = (args: string[], options: RunOptions = {}): Running => {
    const [command, ...rest] = [...(options.isTerminal ? TERMINAL : []), program, ...args] as [string, ...string[]]
    const child = spawn(command, rest, { cwd: dir, env: { PATH: process.env.PATH, TERM: 'xterm-256color', ...env(), ...options.env } })
    t.teardown(async () => { child.kill('SIGKILL') })
    let [out, err] = ['', '']
    child.stdout.setEncoding('utf8').on('data', (text: string) => { out += text })
    child.stderr.setEncoding('utf8').on('data', (text: string) => { err += text })
    // Who does not read all of it has ended before.
    child.stdin.on('error', () => {})
    if (options.input !== undefined || !options.isTerminal) child.stdin.end(options.input)
    let hasEnded = false
    const ended = once(child, 'close').then(([code]): Ended => {
      hasEnded = true
      return { code, out, err }
    })
    return {
      async says (what) {
        while (!what.test(out + err)) {
          if (hasEnded) throw new Error(`${args.join(' ')} has ended without ${what}:\n${out}${err}`)
          await Promise.race([once(child.stdout, 'data'), once(child.stderr, 'data'), ended])
        }
      },
      type: text => { child.stdin.write(text) },
      interrupt: () => { child.kill('SIGINT') },
      ended
    }
  }
  return { dir, start, run: (args, options) => start(args, options).ended }
}
