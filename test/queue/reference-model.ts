import type { Priority } from '../../src/queue/job.ts'
import { Conditions, hasEnded } from './reference-conditions.ts'
import type { Refusal, Verdict, Wish } from './reference-conditions.ts'

// What the engine promises of one queue, as plainly as it can be said: no Redis, no clock. Due times and the ends of leases
// come only when a test says so.

/** `kept` is what has completed, and is in no list any more, but a child may still read it. */
export type Place = 'blocked' | 'ready' | 'scheduled' | 'retrying' | 'held' | 'completed' | 'dead' | 'cancelled' | 'kept' | 'forgotten'

export interface ModelJob {
  /** Redis's short form; '' for a foreign entry that has not been adopted */
  id: string
  /** of a foreign entry: its text */
  entry?: string
  priority: Priority
  input: string
  place: Place
  worker?: string
  token?: string
  failed: number
  lost: number
  /** attempt and reason of the failures that are kept */
  errors: string[]
  /** it has failed or been lost before, or been redriven */
  history: boolean
  /** percent */
  progress?: number
  result?: string
  /** the order in which waiting jobs that have been made due are due */
  due?: number
  deadAt?: number
  /** how often it has left an entry behind in its list */
  moves: number
  /** it is cancelled if it has not started by a time; a number once that has passed, in the order in which it did */
  expires?: boolean | number
  /** ids of the jobs that it depends on */
  parents: string[]
  /** those that have not ended */
  waitsFor: string[]
  /** also when one of them fails */
  runsAnyway: boolean
  holdsParents: boolean
  /** it has a time of its own, for when it is no longer blocked */
  later: boolean
}

/** A new job that asks for nothing special. */
export function newJob (job: Pick<ModelJob, 'id' | 'priority' | 'input'> & Partial<ModelJob>): ModelJob {
  return { place: 'scheduled', failed: 0, lost: 0, errors: [], history: false, moves: 0, parents: [], waitsFor: [], runsAnyway: false, holdsParents: false, later: false, ...job }
}

/** An entry that its job has left behind. */
export interface Ghost { ghost: string }

interface Idle { worker: string, room: number }

export interface ModelSettlement { kind: 'complete' | 'retry' | 'dead' | 'release', id: string, token: string }

export interface Totals { submitted: number, completed: number, failed: number, cancelled: number, retried: number, lost: number }

/** A job that has just been leased: attempt and lost as the lease must say. */
export interface Expected { worker: string, job: ModelJob, attempt: number, lost: number, handed: boolean }

const PRIORITIES: Priority[] = ['high', 'normal', 'low']
const MAX_ERRORS = 10
const NOTHING: Totals = { submitted: 0, completed: 0, failed: 0, cancelled: 0, retried: 0, lost: 0 }

export class Model {
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
  readonly counts = { stale: 0, handed: 0, promoted: 0, redriven: 0, deadByLoss: 0, skipped: 0, controlled: 0, edited: 0, ghosts: 0, refused: 0, expired: 0, purged: 0, existing: 0, replaced: 0, unblocked: 0, cascaded: 0, kept: 0 }
  readonly conditions = new Conditions(id => this.byId(id))
  paused = false
  maxLength = Infinity
  /** whether a job waited for its time when the last turn looked */
  someDue = false
  /** jobs that have ended, whose children and parents do not know it yet */
  #ended: Array<{ job: ModelJob, well: boolean }> = []
  idle: Idle[] = []
  /** the note that each worker left and will withdraw */
  readonly notes = new Map<string, Idle>()
  /** what the last step leased, in order */
  leased: Expected[] = []
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

  /** Jobs of one call: those that are ready at once, then those that have a delay, of which some have none left. */
  submit (jobs: Array<Pick<ModelJob, 'id' | 'priority' | 'input'> & { when: 'now' | 'past' | 'later', expires: boolean }>): void {
    this.leased = []
    for (const plain of [true, false]) {
      for (const { when, ...job } of jobs) {
        if ((when === 'now' && !job.expires) !== plain) continue
        const added = newJob(job)
        this.jobs.push(added)
        if (when !== 'later') this.#toTail(added)
      }
    }
    this.totals.submitted += jobs.length
    this.#wake()
    this.#settleLinks()
  }

  /** How many more may wait. */
  get room (): number {
    return this.maxLength - this.waiting - ['blocked', 'scheduled', 'retrying'].reduce((sum, place) => sum + this.in(place as Place).length, 0)
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
        continue
      }
      this.conditions.claim(wish)
      job.waitsFor = job.parents.filter(id => !hasEnded(this.byId(id)!))
      if (becomes === 'blocked') job.place = 'blocked'
      else if (becomes === 'scheduled') job.place = 'scheduled'
      else this.#toTail(job)
    }
    for (const job of replaced) {
      this.#cancel(job)
      this.counts.replaced++
    }
    this.#wake()
    this.#settleLinks()
    return verdicts
  }

  pause (paused: boolean): void {
    this.leased = []
    this.paused = paused
    if (!paused) this.#wake()
    this.#settleLinks()
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
        if (!wasOver) this.#end(job)
      }
      this.#settleLinks()
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
    const settled = this.#settle(worker, settlements)
    this.idle = this.idle.filter(idle => idle !== this.notes.get(worker))
    this.notes.delete(worker)
    this.#settleLinks()
    this.#promote()
    this.someDue = this.in('scheduled').length + this.in('retrying').length > 0
    const count = max > 0 ? this.#take(worker, max, false) : 0
    if (max > 0 && park && count < max && (this.paused || this.entries === 0)) {
      const note = { worker, room: max - count }
      this.idle.push(note)
      this.notes.set(worker, note)
    }
    this.#wake()
    this.#settleLinks()
    return settled
  }

  heartbeat (worker: string): void {
    if (this.heldBy(worker).length > 0) this.expired.delete(worker)
  }

  progress (worker: string, id: string, token: string, percent: number): boolean {
    const job = this.#leaseOf(worker, id, token)
    if (job) job.progress = percent
    return job !== undefined
  }

  /** Returns what the sweep must say that it did. */
  sweep (): { promoted: number, recovered: number, dead: number } {
    this.leased = []
    const swept = { promoted: 0, recovered: 0, dead: 0 }
    for (let more = true; more;) {
      const lapsed = this.jobs.filter(({ expires }) => typeof expires === 'number').sort((a, b) => (a.expires as number) - (b.expires as number))
      for (const job of lapsed) this.#expire(job)
      swept.promoted += this.#promote()
      const [worker] = [...this.expired].sort((a, b) => a[1] - b[1])[0] ?? []
      more = worker !== undefined
      if (worker !== undefined) {
        // The first at the head again.
        for (const job of this.heldBy(worker).reverse()) swept[this.#lose(job) ? 'recovered' : 'dead']++
        this.expired.delete(worker)
        this.known.delete(worker)
      }
      // Of the oldest completed, those that were retried or deleted and have not ended since.
      for (let oldest = this.completed[0]; oldest && !isJob(oldest) && !this.#hasEnded(oldest.ghost); oldest = this.completed[0]) this.completed.shift()
      for (const priority of PRIORITIES) this.ready[priority] = this.ready[priority].filter(isJob)
      this.#wake()
      this.#settleLinks()
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
      this.#toTail(job)
    }
    this.counts.redriven += jobs.length
    if (jobs.length > 0) {
      this.#wake()
      this.#settleLinks()
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
      const result = this.#act(action, job)
      if (result === 'changed') this.counts.controlled++
      return result
    })
    this.#wake()
    this.#settleLinks()
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
      if (isReady) this.#leaveGhost(this.ready[job.priority], job, entryOf(job))
      job.priority = priority
      if (when === 'later') job.due = undefined
      if (when === 'now' || (isReady && when === undefined)) {
        this.#toTail(job)
        this.#wake()
        this.#settleLinks()
      } else if (isReady) {
        job.place = 'scheduled'
      }
    }
    return 'edited'
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

  #act (action: 'cancel' | 'retry' | 'promote' | 'delete', job: ModelJob): 'changed' | 'unchanged' | 'conflict' {
    const ended = hasEnded(job)
    if (action === 'cancel') {
      if (job.place === 'cancelled') return 'unchanged'
      if (ended) return 'conflict'
      this.#cancel(job)
      return 'changed'
    }
    if (action === 'promote') {
      if (ended || job.place === 'held' || job.place === 'blocked') return 'conflict'
      if (job.place === 'ready') return 'unchanged'
      this.#toTail(job)
      return 'changed'
    }
    if (!ended) return 'conflict'
    if (job.place === 'completed') this.#leaveGhost(this.completed, job, job.id)
    if (action === 'delete') {
      job.place = 'forgotten'
    } else {
      Object.assign(job, { failed: 0, lost: 0, history: true, result: undefined })
      this.#toTail(job)
    }
    return 'changed'
  }

  #cancel (job: ModelJob): void {
    if (job.place === 'ready') this.#leaveGhost(this.ready[job.priority], job, entryOf(job))
    if (job.place === 'held') {
      this.#drop(job)
      job.failed++ // the attempt counts
    }
    job.place = 'cancelled'
    this.totals.cancelled++
    this.#end(job)
  }

  #expire (job: ModelJob): void {
    this.counts.expired++
    this.#cancel(job)
  }

  /** What hangs on the end of a job is done by `#settleLinks`. */
  #end (job: ModelJob, well = false): void {
    job.expires = undefined
    this.conditions.ended(job)
    this.#ended.push({ job, well })
  }

  /** Parents that have ended are told to their children first, one after the other, then the children let their parents go. */
  #settleLinks (): void {
    const gone: ModelJob[] = []
    for (let end = this.#ended.shift(); end; end = this.#ended.shift()) {
      const { job, well } = end
      gone.push(job)
      const freed: ModelJob[] = []
      for (const child of this.in('blocked').filter(({ waitsFor }) => waitsFor.includes(job.id))) {
        child.waitsFor = child.waitsFor.filter(id => id !== job.id)
        if (!well && !child.runsAnyway) {
          this.counts.cascaded++
          this.#cancel(child)
        } else if (child.waitsFor.length === 0) {
          freed.push(child)
        }
      }
      for (const child of freed) {
        this.counts.unblocked++
        if (child.later) child.place = 'scheduled'
        else this.#toTail(child)
      }
      if (freed.length > 0) this.#wake()
    }
    for (const job of gone) {
      for (const parent of this.conditions.letGo(job)) if (parent.place === 'kept') parent.place = 'forgotten'
    }
  }

  #hasEnded (id: string): boolean {
    const job = this.byId(id)!
    return hasEnded(job) && job.place !== 'forgotten'
  }

  #leaveGhost (list: (ModelJob | Ghost)[], job: ModelJob, entry: string): void {
    list[list.indexOf(job)] = { ghost: entry }
    if (list !== this.completed) job.moves++
    this.counts.ghosts++
  }

  #leaseOf (worker: string, id: string, token: string): ModelJob | undefined {
    return this.heldBy(worker).find(job => job.id === id && job.token === token)
  }

  /**
   * Completions first, those of one token together; a job counts once. Released jobs go to the head in the order in which
   * they are named.
   */
  #settle (worker: string, settlements: ModelSettlement[]): boolean[] {
    const settled = settlements.map(() => false)
    const released: ModelJob[] = []
    const tokens = [...new Set(settlements.filter(({ kind }) => kind === 'complete').map(({ token }) => token))]
    const rank = ({ kind, token }: ModelSettlement) => kind === 'complete' ? tokens.indexOf(token) : tokens.length
    const inOrder = settlements.map((settlement, i) => ({ ...settlement, i })).sort((a, b) => rank(a) - rank(b))
    for (const { kind, id, token, i } of inOrder) {
      const job = this.#leaseOf(worker, id, token)
      if (!job) {
        this.counts.stale++
        continue
      }
      settled[i] = true
      this.#drop(job)
      if (kind === 'complete') this.#complete(job)
      else if (kind === 'retry') this.#retry(job)
      else if (kind === 'dead') this.#bury(job, 'failed')
      else released.push(job)
    }
    for (const job of released.reverse()) this.#toHead(job)
    return settled
  }

  #complete (job: ModelJob): void {
    job.place = 'completed'
    job.failed++
    this.completed.push(job)
    this.totals.completed++
    this.#end(job, true)
    this.#trim()
  }

  /** Of the completed only the newest are kept, and what a child may still read. */
  #trim (): void {
    while (this.completed.length > this.keepCompleted) {
      const oldest = this.completed.shift()!
      if (isJob(oldest)) oldest.place = this.conditions.children.has(oldest.id) ? 'kept' : 'forgotten'
      if (isJob(oldest) && oldest.place === 'kept') this.counts.kept++
    }
  }

  #retry (job: ModelJob): void {
    this.#failure(job, 'failed')
    job.failed++
    job.place = 'retrying'
    job.due = undefined
    this.totals.retried++
  }

  #bury (job: ModelJob, reason: string): void {
    this.#failure(job, reason)
    if (reason === 'failed') job.failed++
    job.place = 'dead'
    this.totals.failed++
    this.#end(job)
  }

  /** Returns whether the job may run again. */
  #lose (job: ModelJob): boolean {
    this.#drop(job)
    this.totals.lost++
    job.lost++
    if (job.lost >= this.maxLost) {
      this.#bury(job, 'lost_lease')
      this.counts.deadByLoss++
      return false
    }
    this.#failure(job, 'lost_lease')
    this.#toHead(job)
    return true
  }

  #failure (job: ModelJob, reason: string): void {
    job.errors = [...job.errors, `${job.failed + 1} ${reason}`].slice(-MAX_ERRORS)
    job.history = true
  }

  #drop (job: ModelJob): void {
    this.held.get(job.worker!)!.delete(job)
    job.progress = undefined
    job.worker = job.token = undefined
  }

  #toHead (job: ModelJob): void {
    job.place = 'ready'
    this.ready[job.priority].unshift(job)
  }

  #toTail (job: ModelJob): void {
    job.place = 'ready'
    this.ready[job.priority].push(job)
  }

  #promote (): number {
    let promoted = 0
    for (const place of ['retrying', 'scheduled'] as const) {
      const due = this.in(place).filter(job => job.due !== undefined).sort((a, b) => a.due! - b.due!)
      due.forEach(job => this.#toTail(job))
      promoted += due.length
      this.counts.promoted += due.length
    }
    return promoted
  }

  #take (worker: string, max: number, handed: boolean): number {
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
    for (const job of expired) this.#expire(job)
    return count
  }

  #wake (): void {
    while (this.idle.length > 0 && this.entries > 0 && !this.paused) {
      const share = Math.ceil(this.entries / this.idle.length)
      const { worker, room } = this.idle.shift()!
      if (this.listening.has(worker)) this.counts.handed += this.#take(worker, Math.min(room, share), true)
      else this.counts.skipped++
    }
  }
}

export function isJob (entry: ModelJob | Ghost): entry is ModelJob {
  return !('ghost' in entry)
}

/** What stands for a job in its list. */
export function entryOf (job: ModelJob): string {
  return (job.id || job.entry!) + (job.moves > 0 ? `~${job.moves}` : '')
}
