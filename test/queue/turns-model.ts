// Groups that take turns, and their limits, as plainly as it can be said: one priority, no clock. What is compared with it is
// everything: what is leased in which order, who is when to have his turn, who sleeps, and what is counted.

export interface TurnJob { task: string, group: string, lost: number, worker?: string }

export interface TurnLimits { concurrency?: number, group_concurrency?: number, group_overrides?: Record<string, { concurrency: number }> }

const MAX_CHUNK = 64

/** Of a group that takes part: the job that it gives in its turn; none stands for the jobs without a group. One that came back comes besides. */
interface Place { group: string, job?: TurnJob, cameBack?: boolean }

export class TurnsModel {
  readonly limits: TurnLimits
  /** by group, the jobs behind the one in the ring; '' for jobs without one */
  readonly lists = new Map<string, TurnJob[]>()
  /** in the order of their turns */
  ring: Place[] = []
  /** groups that have a place of their own in the ring, or sleep */
  readonly heads = new Set<string>()
  readonly asleep = new Set<string>()
  /** groups have jobs; until then jobs without one need no turns */
  #grouped = false
  readonly held: TurnJob[] = []
  readonly counts = { slept: 0, awoke: 0, full: 0, cameBack: 0 }

  constructor (limits: TurnLimits) {
    this.limits = limits
  }

  get ready (): number {
    return [...this.lists.values()].flat().length + this.ring.filter(({ job }) => job).length
  }

  get running (): Record<string, number> {
    const running: Record<string, number> = {}
    for (const { group } of this.held) if (group !== '') running[group] = (running[group] ?? 0) + 1
    return running
  }

  submit (jobs: TurnJob[]): void {
    for (const job of jobs) {
      this.#grouped ||= job.group !== ''
      if (job.group === '' || this.heads.has(job.group)) {
        this.#list(job.group).push(job)
      } else {
        this.heads.add(job.group)
        this.ring.push({ group: job.group, job })
      }
    }
  }

  take (worker: string, max: number): TurnJob[] {
    const room = Math.min(max, (this.limits.concurrency ?? Infinity) - this.held.length)
    if (room < max) this.counts.full++
    const leased: TurnJob[] = []
    for (let chunk = 2; leased.length < room; chunk = Math.min(4 * chunk, MAX_CHUNK)) {
      const jobs = this.#pop(Math.min(chunk, room - leased.length))
      if (jobs.length === 0) break
      for (const job of jobs) {
        job.worker = worker
        this.held.push(job)
      }
      leased.push(...jobs)
    }
    return leased
  }

  complete (jobs: TurnJob[]): void {
    this.#drop(jobs)
  }

  release (jobs: TurnJob[]): void {
    this.#drop(jobs)
    this.#toHead(jobs)
  }

  /** A worker is lost. */
  lose (worker: string): void {
    const jobs = this.held.filter(job => job.worker === worker)
    for (const job of jobs) job.lost++
    this.#toHead(jobs)
    this.#drop(jobs)
    if (this.ready > this.#list('').length) return
    this.#grouped = false
    this.ring = []
    this.heads.clear()
    this.asleep.clear()
  }

  #pop (count: number): TurnJob[] {
    if (!this.#grouped) return this.#list('').splice(0, count)
    if (this.#list('').length > 0 && !this.heads.has('')) {
      this.heads.add('')
      this.ring.push({ group: '' })
    }
    for (let sought = count; this.ring.length > 0; sought = Math.min(4 * sought, MAX_CHUNK)) {
      const alone = this.ring.length < sought
      const { chosen, later } = this.#choose(this.ring.splice(0, sought), count)
      const { jobs, again } = this.#serve(chosen, count, alone)
      this.ring.push(...again, ...later)
      if (jobs.length > 0) return jobs
    }
    return []
  }

  /** Which of these may give a job now, and how many each; the others sleep, or stay in the ring. */
  #choose (places: Place[], count: number) {
    const chosen: { place: Place, room: number }[] = []
    const later: Place[] = []
    const unneeded: Place[] = []
    const withdrawn: Place[] = []
    for (const place of places) {
      const { group, cameBack } = place
      const room = this.#room(group)
      const ours = chosen.filter(other => other.place.group === group).length
      if (room === 0) {
        withdrawn.push(place)
        if (!cameBack || !this.heads.has(group)) {
          this.heads.add(group)
          this.asleep.add(group)
          this.counts.slept++
        }
      } else if (chosen.length === count) {
        unneeded.push(place)
      } else if (ours >= room) {
        later.push(place)
      } else {
        chosen.push({ place, room: room - ours })
      }
    }
    for (const { group, job } of withdrawn.reverse()) this.#list(group).unshift(job!)
    this.ring.unshift(...unneeded)
    return { chosen, later }
  }

  /** What these give, in rounds; where nobody else is in the ring, several rounds. */
  #serve (chosen: { place: Place, room: number }[], count: number, alone: boolean) {
    const rounds: TurnJob[][] = []
    const again: Place[] = []
    const give = (round: number, job: TurnJob | undefined) => { if (job) (rounds[round] ??= []).push(job) }
    const listed = chosen.filter(({ place: { group, cameBack } }) => !cameBack && (group === '' || this.#list(group).length > 0))
    const more = alone && listed.length > 0 ? Math.floor((count - chosen.length) / listed.length) : 0
    for (const one of chosen) {
      const { group, job, cameBack } = one.place
      if (cameBack) this.counts.cameBack++
      give(0, job ?? this.#list(group).shift())
      if (listed.includes(one)) {
        const wanted = Math.min(more, one.room - 1)
        for (let round = 1; round <= wanted; round++) give(round, this.#list(group).shift())
        if (this.#list(group).length > 0) {
          again.push(group === '' ? { group } : { group, job: this.#list(group).shift()! })
          continue
        }
      }
      if (!cameBack) this.heads.delete(group)
    }
    return { jobs: rounds.flat(), again }
  }

  #room (group: string): number {
    if (group === '') return Infinity
    const most = this.limits.group_overrides?.[group]?.concurrency ?? this.limits.group_concurrency ?? Infinity
    return Math.max(0, most - (this.running[group] ?? 0))
  }

  #drop (jobs: TurnJob[]): void {
    for (const job of jobs) this.held.splice(this.held.indexOf(job), 1)
    const awake = [...new Set(jobs.map(({ group }) => group))].filter(group => this.asleep.delete(group))
    this.counts.awoke += awake.length
    this.ring.unshift(...awake.map(group => ({ group, job: this.#list(group).shift()! })))
  }

  #toHead (jobs: TurnJob[]): void {
    const first: Place[] = []
    for (const group of new Set(jobs.map(({ group }) => group))) {
      const ours = jobs.filter(job => job.group === group)
      if (group !== '' && !this.asleep.has(group)) {
        first.push({ group, job: ours.shift()!, ...(this.heads.has(group) && { cameBack: true }) })
        this.heads.add(group)
      }
      this.#list(group).unshift(...ours)
      this.#grouped ||= group !== ''
    }
    this.ring.unshift(...first)
  }

  #list (group: string): TurnJob[] {
    let list = this.lists.get(group)
    if (!list) this.lists.set(group, list = [])
    return list
  }
}
