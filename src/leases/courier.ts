import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { LeasedBatch } from './poll.ts'

/** A connection that breaks so soon after an answer had not delivered it. */
const DELIVERED_MS = 1000

interface Answer { raw: ServerResponse, batches: LeasedBatch[], at: number }

/**
 * Sees to it that jobs reach the client for whom they were leased: when the connection ends before the answer is written, or is reset just
 * after (which says that something had not been read), they are released. A client that has got the answer closes in order.
 */
export class Courier {
  readonly #release: (batches: LeasedBatch[]) => void
  #ready = Promise.resolve()
  readonly #answers = new WeakMap<Socket, Answer | null>()

  constructor (release: (batches: LeasedBatch[]) => void) {
    this.#release = release
  }

  /**
   * Resolves when it has just been looked which connections have ended; for one after the other. So few answers go to clients that
   * have gone already, of which nothing is heard once they are sent.
   */
  async ready (): Promise<void> {
    this.#ready = this.#ready.then(() => new Promise(resolve => setImmediate(resolve)))
    await this.#ready
  }

  /** Another request on the same connection: the answer before has arrived. */
  arrived (socket: Socket): void {
    if (this.#answers.has(socket)) this.#answers.set(socket, null)
  }

  /** Jobs are about to be answered. */
  send (socket: Socket, raw: ServerResponse, batches: LeasedBatch[]): void {
    if (batches.length === 0) return
    // It has said goodbye, though the connection is not closed yet.
    if (socket.destroyed || socket.readableEnded) return this.#release(batches)
    const isNew = !this.#answers.has(socket)
    this.#answers.set(socket, { raw, batches, at: performance.now() })
    if (isNew) socket.once('close', (hadError: boolean) => this.#closed(socket, hadError))
  }

  #closed (socket: Socket, hadError: boolean): void {
    const answer = this.#answers.get(socket)
    this.#answers.delete(socket)
    if (!answer) return
    const { raw, batches, at } = answer
    if (!raw.writableFinished || (hadError && performance.now() - at < DELIVERED_MS)) this.#release(batches)
  }
}
