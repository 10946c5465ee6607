import type { QueueStats } from './queue/stats.ts'

export type Totals = QueueStats['totals']

/**
 * The totals of those queues together that have no metrics of their own, as far as this process has seen them grow since it started: what is
 * a sum over queues that come, go, and are forgotten with their totals would fall now and then, which Prometheus takes for a counter that
 * began anew.
 */
export class OtherQueues {
  readonly totals: Totals = { submitted: 0, completed: 0, failed: 0, cancelled: 0, retried: 0, lost: 0 }
  #last: Map<string, Totals> | undefined
  #names: ReadonlySet<string> = new Set()

  /**
   * What queues are at now: `others` are those that count here.
   * @param names of all, also those that were not read: what they have done before they are is not counted
   */
  see (shown: QueueStats[], others: QueueStats[], names: readonly string[]): void {
    if (this.#last) {
      for (const { name, totals } of others) {
        const before = this.#last.get(name)
        if (before || !this.#names.has(name)) this.#add(totals, before)
      }
    }
    this.#names = new Set(names)
    this.#last = new Map([...shown, ...others].map(({ name, totals }) => [name, totals]))
  }

  #add (now: Totals, before?: Totals): void {
    for (const key of Object.keys(now) as (keyof Totals)[]) {
      const was = before?.[key] ?? 0
      this.totals[key] += now[key] >= was ? now[key] - was : now[key]
    }
  }
}
