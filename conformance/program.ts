import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { Owner } from './scope.ts'

/** The groups of those that run: none is to outlive the kit, however that ends. */
const groups = new Set<number>()
process.on('exit', () => groups.forEach(kill))

/** The worker under test, as a process. */
export class Program {
  /** Its exit code, or the signal that ended it; undefined while it runs. */
  exit: number | string | undefined
  readonly #child: ChildProcess
  #output = ''

  /** @param command the program and its arguments; it is not a shell's */
  constructor (scope: Owner, [file, ...args]: string[], env: Record<string, string>) {
    // A group of its own, so that what it has started ends with it.
    const child = spawn(file!, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
    this.#child = child
    if (child.pid !== undefined) groups.add(child.pid)
    child.once('error', error => this.#ended(`cannot be started: ${error.message}`))
    child.once('exit', (code, signal) => this.#ended(signal ?? code!))
    for (const stream of [child.stdout!, child.stderr!]) stream.setEncoding('utf8').on('data', (text: string) => { this.#output = (this.#output + text).slice(-2000) })
    scope.teardown(async () => {
      if (child.pid === undefined) return
      kill(child.pid)
      groups.delete(child.pid)
      if (this.exit === undefined) await once(child, 'exit')
    })
  }

  /** The last of what it has written. */
  get output (): string { return this.#output }

  signal (name: NodeJS.Signals): void {
    this.#child.kill(name)
  }

  #ended (exit: number | string): void {
    this.exit ??= exit
  }
}

function kill (group: number): void {
  try {
    process.kill(-group, 'SIGKILL')
  } catch {} // nobody is left
}
