import type { Priority } from '../../src/queue/job.ts'
import { hasEnded } from './reference-conditions.ts'
import type { Refusal, Verdict, Wish } from './reference-conditions.ts'
import { entryOf, isJob, newJob } from './reference-job.ts'
import type { Ghost, ModelJob, ModelSettlement, Place } from './reference-job.ts'
import { NOTHING, Places, PRIORITIES } from './reference-places.ts'

// What the engine promises of one queue, as plainly as it can be said: no Redis, no clock. Due times and the ends of leases
// come only when a test says so. Here is what is asked of the engine, in reference-places.ts what it does by itself.

export class Model extends Places {
  /** Jobs of one call: those that are ready at once, then those that have a delay, of which some have none left. */
  submit (jobs: Array<Pick<ModelJob, 'id' | 'priority' | 'input'> & { when: 'now' | 'past' | 'later', expires: boolean }>): void {
    this.leased = []
    for (const plain of [true, false]) {
      for (const { when, ...job } of jobs) {
        if ((when === 'now' && !job.expires) !== plain) continue
        const added = newJob(job)
        this.jobs.push(added)
        if (when !== 'later') this.toTail(added)
      }
    }
    this.totals.submitted += jobs.length
    this.wake()
    this.settleLinks()
  }

  /** Jobs of one call that ask for more. */
  create (wishes: Wish[]): Refusal | Verdict[] {
    this.leased = []
    const judged = this.conditions.judge(wishes, this.room)
    if ('refusal' in judged) {
      this.counts.refused++
      return judged.refusal
    }
    const { verdicts, replaced } = judged
    for (const { wish, becomes } of verdicts) {
      const { job } = wish
      if (becomes === 'existing') {
        this.counts.existing++
        continue
      }
      this.jobs.push(job)
      this.totals.submitted++
      if (becomes === 'cancelled') {
        job.place = 'cancelled'
        job.expires = undefined
        this.totals.cancelled++
        this.tellEnd(job)
        continue
      }
      this.conditions.claim(wish)
      job.waitsFor = job.parents.filter(id => !hasEnded(this.byId(id)!))
      if (becomes === 'blocked') job.place = 'blocked'
      else if (becomes === 'scheduled') job.place = 'scheduled'
      else this.toTail(job)
    }
    for (const job of replaced) {
      this.cancel(job)
      this.counts.replaced++
    }
    this.wake()
    this.settleLinks()
    return verdicts
  }

  pause (paused: boolean): void {
    this.leased = []
    this.paused = paused
    if (!paused) this.wake()
    this.settleLinks()
  }

  /** Returns how many it deletes. */
  purge (place: Place): number {
    this.leased = []
    let purged = 0
    // A step a list; what ends by that may bring others in.
    const next = (): { list?: (ModelJob | Ghost)[], jobs: ModelJob[] } => {
      const list = place === 'ready' ? PRIORITIES.map(priority => this.ready[priority]).find(list => list.length > 0) : place === 'completed' ? this.completed : undefined
      return { list, jobs: list ? list.filter(isJob) : this.in(place) }
    }
    for (let step = next(); step.jobs.length + (step.list?.length ?? 0) > 0; step = next()) {
      step.list?.splice(0)
      purged += step.jobs.length
      this.counts.purged += step.jobs.length
      for (const job of step.jobs) {
        const wasOver = hasEnded(job)
        job.place = 'forgotten'
        if (!wasOver) this.end(job)
      }
      this.settleLinks()
    }
    return purged
  }

  /** Somebody else's RPUSH: no script runs, nobody is woken. */
  push (entry: string, priority: Priority): void {
    const job = newJob({ id: '', entry, priority, input: '', place: 'ready' })
    this.jobs.push(job)
    this.ready[priority].push(job)
  }

  /** Returns what each settlement must be answered. */
  turn (worker: string, settlements: ModelSettlement[], max: number, park: boolean): boolean[] {
    this.leased = []
    const settled = this.settle(worker, settlements)
    this.idle = this.idle.filter(idle => idle !== this.notes.get(worker))
    this.notes.delete(worker)
    this.settleLinks()
    this.promote()
    this.someDue = this.in('scheduled').length + this.in('retrying').length > 0
    const count = max > 0 ? this.take(worker, max, false) : 0
    if (max > 0 && park && count < max && (this.paused || this.entries === 0)) {
      const note = { worker, room: max - count }
      this.idle.push(note)
      this.notes.set(worker, note)
    }
    this.wake()
    this.settleLinks()
    return settled
  }

  heartbeat (worker: string): void {
    if (this.heldBy(worker).length > 0) this.expired.delete(worker)
  }

  progress (worker: string, id: string, token: string, percent: number): boolean {
    const job = this.leaseOf(worker, id, token)
    if (job) job.progress = percent
    return job !== undefined
  }

  /** Returns what the sweep must say that it did. */
  sweep (): { promoted: number, recovered: number, dead: number } {
    this.leased = []
    const swept = { promoted: 0, recovered: 0, dead: 0 }
    for (let more = true; more;) {
      const lapsed = this.jobs.filter(({ expires }) => typeof expires === 'number').sort((a, b) => (a.expires as number) - (b.expires as number))
      for (const job of lapsed) this.expire(job)
      swept.promoted += this.promote()
      const [worker] = [...this.expired].sort((a, b) => a[1] - b[1])[0] ?? []
      more = worker !== undefined
      if (worker !== undefined) {
        const held = this.heldBy(worker)
        const back = held.filter(job => this.lose(job))
        // The first at the head again.
        for (const job of back.toReversed()) this.toHead(job)
        swept.recovered += back.length
        swept.dead += held.length - back.length
        this.expired.delete(worker)
        this.known.delete(worker)
      }
      // Of the oldest completed, those that were retried or deleted and have not ended since.
      for (let oldest = this.completed[0]; oldest && !isJob(oldest) && !this.hasEnded(oldest.ghost); oldest = this.completed[0]) this.completed.shift()
      for (const priority of PRIORITIES) this.ready[priority] = this.ready[priority].filter(isJob)
      this.wake()
      this.settleLinks()
    }
    // A queue of which nothing is left is forgotten with its totals.
    const isEmpty = this.jobs.every(({ place }) => place === 'forgotten' || place === 'kept') && !this.paused && this.maxLength === Infinity && this.entries + this.completed.length + this.idle.length + this.known.size === 0
    if (isEmpty) Object.assign(this.totals, NOTHING)
    return swept
  }

  /** Returns how many were redriven and the ids that were not there. */
  redrive (which: { ids: string[] } | { limit: number }): { redriven: number, missing: string[] } {
    this.leased = []
    const jobs: ModelJob[] = []
    const missing: string[] = []
    if ('limit' in which) jobs.push(...this.deadOldestFirst().slice(0, which.limit))
    else {
      for (const id of new Set(which.ids)) {
        const job = this.in('dead').find(job => job.id === id)
        if (job) jobs.push(job)
        else missing.push(id)
      }
    }
    for (const job of jobs) {
      Object.assign(job, { failed: 0, lost: 0, history: true })
      this.toTail(job)
    }
    this.counts.redriven += jobs.length
    if (jobs.length > 0) {
      this.wake()
      this.settleLinks()
    }
    return { redriven: jobs.length, missing }
  }

  /** Returns what is to be said of each: changed, unchanged, conflict. */
  control (action: 'cancel' | 'retry' | 'promote' | 'delete', jobs: ModelJob[]): string[] {
    this.leased = []
    const seen = new Set<ModelJob>()
    const forgotten = new Set(this.in('forgotten'))
    const results = jobs.map(job => {
      if (forgotten.has(job)) return 'unknown'
      if (seen.has(job)) return 'unchanged'
      seen.add(job)
      const result = this.act(action, job)
      if (result === 'changed') this.counts.controlled++
      return result
    })
    this.wake()
    this.settleLinks()
    return results
  }

  /** Returns what becomes of the attempt to change a job. */
  edit (job: ModelJob, { priority = job.priority, input = job.input, when }: { priority?: Priority, input?: string, when?: 'now' | 'later' }): 'edited' | 'refused' | 'unknown' {
    this.leased = []
    if (job.place === 'forgotten') return 'unknown'
    if (!['blocked', 'ready', 'scheduled', 'retrying'].includes(job.place)) return 'refused'
    this.counts.edited++
    job.input = input
    if (job.place === 'blocked') {
      job.priority = priority
      if (when) job.later = when === 'later'
      return 'edited'
    }
    const isReady = job.place === 'ready'
    if (priority !== job.priority || when === 'later' || (when === 'now' && !isReady)) {
      if (isReady) this.leaveGhost(this.ready[job.priority], job, entryOf(job))
      job.priority = priority
      if (when === 'later') job.due = undefined
      if (when === 'now' || (isReady && when === undefined)) {
        this.toTail(job)
        this.wake()
        this.settleLinks()
      } else if (isReady) {
        job.place = 'scheduled'
      }
    }
    return 'edited'
  }

  protected act (action: 'cancel' | 'retry' | 'promote' | 'delete', job: ModelJob): 'changed' | 'unchanged' | 'conflict' {
    const ended = hasEnded(job)
    if (action === 'cancel') {
      if (job.place === 'cancelled') return 'unchanged'
      if (ended) return 'conflict'
      this.cancel(job)
      return 'changed'
    }
    if (action === 'promote') {
      if (ended || job.place === 'held' || job.place === 'blocked') return 'conflict'
      if (job.place === 'ready') return 'unchanged'
      this.toTail(job)
      return 'changed'
    }
    if (!ended) return 'conflict'
    if (job.place === 'completed') this.leaveGhost(this.completed, job, job.id)
    if (action === 'delete') {
      job.place = 'forgotten'
    } else {
      Object.assign(job, { failed: 0, lost: 0, history: true, result: undefined })
      this.toTail(job)
    }
    return 'changed'
  }
}
