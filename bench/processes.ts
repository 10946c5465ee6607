import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** What a process has used since its start: CPU in µs, memory in bytes. */
export interface Usage { cpu_us: number, rss: number }

/** A process that is measured, or that measures. */
export class Child {
  readonly #process: ChildProcess
  readonly #exit: Promise<unknown>

  /** @param module of bench/, or of dist/ */
  constructor (module: string, args: string[] = [], env: NodeJS.ProcessEnv = {}) {
    const execArgv = ['--import', new URL('usage.js', import.meta.url).href, ...(module.endsWith('.ts') ? ['--import=tsx'] : [])]
    const path = fileURLToPath(new URL(module, import.meta.url))
    this.#process = fork(path, args, { execArgv, env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    this.#exit = once(this.#process, 'exit')
  }

  /** The first message that passes. */
  async message<T> (passes: (message: any) => boolean): Promise<T> {
    const ended = this.#exit.then(([code, signal]: any) => { throw new Error(`A process of the benchmark ended (${signal ?? code})`) })
    const found = new Promise<T>(resolve => {
      const look = (message: T) => {
        if (!passes(message)) return
        this.#process.off('message', look)
        resolve(message)
      }
      this.#process.on('message', look)
    })
    return await Promise.race([found, ended])
  }

  send (message: object): void {
    this.#process.send(message)
  }

  async usage (): Promise<Usage> {
    const answer = this.message<Usage>(message => message.answer === 'usage')
    this.send({ ask: 'usage' })
    return await answer
  }

  /** Ends it: with SIGTERM, in order, or at once. */
  async stop (signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    this.#process.kill(signal)
    await this.#exit
  }
}
