import type { Priority } from '../../src/queue/job.ts'
import { Conditions, hasEnded } from './reference-conditions.ts'
import { entryOf, isJob } from './reference-job.ts'
import type { Expected, Ghost, Idle, ModelJob, ModelSettlement, Place, Totals } from './reference-job.ts'

// Where the jobs of a queue are, and what moves them by itself: workers that take and settle, times that come, and the ends of others.

export const PRIORITIES: Priority[] = ['high', 'normal', 'low']
const MAX_ERRORS = 10
export const NOTHING: Totals = { submitted: 0, completed: 0, failed: 0, cancelled: 0, retried: 0, lost: 0 }

export class Places {
  readonly jobs: ModelJob[] = []
  readonly ready: Record<Priority, (ModelJob | Ghost)[]> = { high: [], normal: [], low: [] }
  readonly completed: (ModelJob | Ghost)[] = []
  /** Insertion order is that of the hash in Redis. */
  readonly held = new Map<string, Set<ModelJob>>()
  /** workers that have been leased something since their leases last ran out */
  readonly known = new Set<string>()
  /** when leases ran out: workers that are in here are to be recovered, lowest first */
  readonly expired = new Map<string, number>()
  readonly listening = new Set<string>()
  readonly totals: Totals = { ...NOTHING }
  /** what happened besides, to see that histories are worth their time */
  readonly counts = { stale: 0, handed: 0, promoted: 0, redriven: 0, deadByLoss: 0, skipped: 0, controlled: 0, edited: 0, ghosts: 0, refused: 0, expired: 0, purged: 0, existing: 0, replaced: 0, unblocked: 0, cascaded: 0, kept: 0, told: 0 }
  readonly conditions = new Conditions(id => this.byId(id))
  paused = false
  maxLength = Infinity
  /** whether a job waited for its time when the last turn looked */
  someDue = false
  /** jobs that have ended, whose children and parents do not know it yet */
  protected justEnded: Array<{ job: ModelJob, well: boolean }> = []
  idle: Idle[] = []
  /** the note that each worker left and will withdraw */
  readonly notes = new Map<string, Idle>()
  /** what the last step leased, in order */
  leased: Expected[] = []
  /** ends of jobs with a callback, as in Snapshot: one each time that such a job ends */
  readonly ends: string[] = []
  readonly maxLost: number
  readonly keepCompleted: number

  constructor (options: { maxLost: number, keepCompleted: number }) {
    this.maxLost = options.maxLost
    this.keepCompleted = options.keepCompleted
  }

  byId (id: string): ModelJob | undefined {
    return this.jobs.find(job => job.id === id)
  }

  in (place: Place): ModelJob[] {
    return this.jobs.filter(job => job.place === place)
  }

  heldBy (worker: string): ModelJob[] {
    return [...this.held.get(worker) ?? []]
  }

  /** How many more may wait. */
  get room (): number {
    return this.maxLength - this.waiting - ['blocked', 'scheduled', 'retrying'].reduce((sum, place) => sum + this.in(place as Place).length, 0)
  }

  deadOldestFirst (): ModelJob[] {
    return this.in('dead').sort((a, b) => a.deadAt! - b.deadAt! || (a.id < b.id ? -1 : 1))
  }

  get waiting (): number {
    return PRIORITIES.reduce((sum, priority) => sum + this.ready[priority].filter(isJob).length, 0)
  }

  /** Entries in the lists, ghosts included: what idle workers are woken for. */
  get entries (): number {
    return PRIORITIES.reduce((sum, priority) => sum + this.ready[priority].length, 0)
  }

  protected cancel (job: ModelJob): void {
    if (job.place === 'ready') this.leaveGhost(this.ready[job.priority], job, entryOf(job))
    if (job.place === 'held') {
      this.drop(job)
      job.failed++ // the attempt counts
    }
    job.place = 'cancelled'
    this.totals.cancelled++
    this.end(job)
  }

  protected expire (job: ModelJob): void {
    this.counts.expired++
    this.cancel(job)
  }

  /** What hangs on the end of a job is done by `settleLinks`. */
  protected end (job: ModelJob, well = false): void {
    job.expires = undefined
    this.tellEnd(job)
    this.conditions.ended(job)
    this.justEnded.push({ job, well })
  }

  /** What is purged while it waits has not ended. */
  protected tellEnd ({ id, callback, place }: ModelJob): void {
    if (!callback || place === 'forgotten') return
    this.counts.told++
    this.ends.push(`${place === 'completed' ? 'c' : place === 'dead' ? 'f' : 'x'} ${id}`)
  }

  /** Parents that have ended are told to their children first, one after the other, then the children let their parents go. */
  protected settleLinks (): void {
    const gone: ModelJob[] = []
    for (let end = this.justEnded.shift(); end; end = this.justEnded.shift()) {
      const { job, well } = end
      gone.push(job)
      const freed: ModelJob[] = []
      for (const child of this.in('blocked').filter(({ waitsFor }) => waitsFor.includes(job.id))) {
        child.waitsFor = child.waitsFor.filter(id => id !== job.id)
        if (!well && !child.runsAnyway) {
          this.counts.cascaded++
          this.cancel(child)
        } else if (child.waitsFor.length === 0) {
          freed.push(child)
        }
      }
      for (const child of freed) {
        this.counts.unblocked++
        if (child.later) child.place = 'scheduled'
        else this.toTail(child)
      }
      if (freed.length > 0) this.wake()
    }
    for (const job of gone) {
      for (const parent of this.conditions.letGo(job)) if (parent.place === 'kept') parent.place = 'forgotten'
    }
  }

  protected hasEnded (id: string): boolean {
    const job = this.byId(id)!
    return hasEnded(job) && job.place !== 'forgotten'
  }

  protected leaveGhost (list: (ModelJob | Ghost)[], job: ModelJob, entry: string): void {
    list[list.indexOf(job)] = { ghost: entry }
    if (list !== this.completed) job.moves++
    this.counts.ghosts++
  }

  protected leaseOf (worker: string, id: string, token: string): ModelJob | undefined {
    return this.heldBy(worker).find(job => job.id === id && job.token === token)
  }

  /**
   * Completions first, those of one token together; a job counts once. Released jobs go to the head in the order in which
   * they are named.
   */
  protected settle (worker: string, settlements: ModelSettlement[]): boolean[] {
    const settled = settlements.map(() => false)
    const released: ModelJob[] = []
    const tokens = [...new Set(settlements.filter(({ kind }) => kind === 'complete').map(({ token }) => token))]
    const rank = ({ kind, token }: ModelSettlement) => kind === 'complete' ? tokens.indexOf(token) : tokens.length
    const inOrder = settlements.map((settlement, i) => ({ ...settlement, i })).sort((a, b) => rank(a) - rank(b))
    for (const { kind, id, token, i } of inOrder) {
      const job = this.leaseOf(worker, id, token)
      if (!job) {
        this.counts.stale++
        continue
      }
      settled[i] = true
      this.drop(job)
      if (kind === 'complete') this.complete(job)
      else if (kind === 'retry') this.retry(job)
      else if (kind === 'put_off') this.putOff(job)
      else if (kind === 'dead') this.bury(job, 'failed')
      else released.push(job)
    }
    for (const job of released.reverse()) this.toHead(job)
    return settled
  }

  protected complete (job: ModelJob): void {
    job.place = 'completed'
    job.failed++
    this.completed.push(job)
    this.totals.completed++
    this.end(job, true)
    this.trim()
  }

  /** Of the completed only the newest are kept, and what a child may still read. */
  protected trim (): void {
    while (this.completed.length > this.keepCompleted) {
      const oldest = this.completed.shift()!
      if (isJob(oldest)) oldest.place = this.conditions.children.has(oldest.id) ? 'kept' : 'forgotten'
      if (isJob(oldest) && oldest.place === 'kept') this.counts.kept++
    }
  }

  protected retry (job: ModelJob): void {
    this.failure(job, 'failed')
    job.failed++
    job.place = 'retrying'
    job.due = undefined
    this.totals.retried++
  }

  /** Nothing is counted. */
  protected putOff (job: ModelJob): void {
    job.place = job.failed === 0 ? 'scheduled' : 'retrying'
    job.due = undefined
  }

  protected bury (job: ModelJob, reason: string): void {
    this.failure(job, reason)
    if (reason === 'failed') job.failed++
    job.place = 'dead'
    this.totals.failed++
    this.end(job)
  }

  /** Returns whether the job may run again. */
  protected lose (job: ModelJob): boolean {
    this.drop(job)
    this.totals.lost++
    job.lost++
    if (job.lost >= this.maxLost) {
      this.bury(job, 'lost_lease')
      this.counts.deadByLoss++
      return false
    }
    this.failure(job, 'lost_lease')
    return true
  }

  protected failure (job: ModelJob, reason: string): void {
    job.errors = [...job.errors, `${job.failed + 1} ${reason}`].slice(-MAX_ERRORS)
    job.history = true
  }

  protected drop (job: ModelJob): void {
    this.held.get(job.worker!)!.delete(job)
    job.progress = undefined
    job.worker = job.token = undefined
  }

  protected toHead (job: ModelJob): void {
    job.place = 'ready'
    this.ready[job.priority].unshift(job)
  }

  protected toTail (job: ModelJob): void {
    job.place = 'ready'
    this.ready[job.priority].push(job)
  }

  protected promote (): number {
    let promoted = 0
    for (const place of ['retrying', 'scheduled'] as const) {
      const due = this.in(place).filter(job => job.due !== undefined).sort((a, b) => a.due! - b.due!)
      due.forEach(job => this.toTail(job))
      promoted += due.length
      this.counts.promoted += due.length
    }
    return promoted
  }

  protected take (worker: string, max: number, handed: boolean): number {
    if (this.paused) return 0
    let count = 0
    const expired: ModelJob[] = []
    for (const priority of PRIORITIES) {
      while (count < max && this.ready[priority].length > 0) {
        const job = this.ready[priority].shift()!
        if (!isJob(job)) continue
        if (typeof job.expires === 'number') {
          job.place = 'blocked' // in no list any more
          expired.push(job)
          continue
        }
        job.expires = undefined
        this.conditions.started(job)
        if (job.entry !== undefined && job.id === '') this.totals.submitted++
        Object.assign(job, { place: 'held', worker, token: undefined })
        if (!this.held.has(worker)) this.held.set(worker, new Set())
        this.held.get(worker)!.add(job)
        this.known.add(worker)
        this.leased.push({ worker, job, attempt: job.failed + 1, lost: job.lost, handed })
        count++
      }
    }
    if (count > 0) this.expired.delete(worker)
    for (const job of expired) this.expire(job)
    return count
  }

  protected wake (): void {
    while (this.idle.length > 0 && this.entries > 0 && !this.paused) {
      const share = Math.ceil(this.entries / this.idle.length)
      const { worker, room } = this.idle.shift()!
      if (this.listening.has(worker)) this.counts.handed += this.take(worker, Math.min(room, share), true)
      else this.counts.skipped++
    }
  }
}
