// Groups that take turns, and their limits, as plainly as it can be said: one priority, no clock. What is compared with it is
// everything: what is leased in which order, who is when to have his turn, who sleeps, and what is counted.

export interface TurnJob { task: string, group: string, lost: number, worker?: string }

export interface TurnLimits { concurrency?: number, group_concurrency?: number, group_overrides?: Record<string, { concurrency: number }> }

const MAX_CHUNK = 64

export class TurnsModel {
  readonly limits: TurnLimits
  /** by group; '' for jobs without one */
  readonly lists = new Map<string, TurnJob[]>()
  /** groups in the order of their turns; some may have nothing by now */
  turns: string[] = []
  readonly asleep = new Set<string>()
  /** groups have jobs; until then jobs without one need no turns */
  #grouped = false
  readonly held: TurnJob[] = []
  readonly counts = { slept: 0, awoke: 0, full: 0 }

  constructor (limits: TurnLimits) {
    this.limits = limits
  }

  get running (): Record<string, number> {
    const running: Record<string, number> = {}
    for (const { group } of this.held) if (group !== '') running[group] = (running[group] ?? 0) + 1
    return running
  }

  submit (jobs: TurnJob[]): void {
    for (const job of jobs) {
      this.#grouped ||= job.group !== ''
      this.#list(job.group).push(job)
      if (job.group !== '' && !this.turns.includes(job.group) && !this.asleep.has(job.group)) this.turns.push(job.group)
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
    if (this.turns.length + this.asleep.size === 0) this.#grouped = false
  }

  #pop (count: number): TurnJob[] {
    if (!this.#grouped) return this.#list('').splice(0, count)
    if (this.#list('').length > 0 && !this.turns.includes('')) this.turns.push('')
    for (let sought = count; this.turns.length > 0; sought = Math.min(4 * sought, MAX_CHUNK)) {
      const groups = this.turns.splice(0, sought)
      const each = Math.max(1, Math.floor(count / groups.length))
      const unneeded: string[] = []
      let left = count
      const given = groups.map(group => {
        const room = Math.min(each, this.#room(group))
        if (room > 0 && left === 0) {
          unneeded.push(group)
          return []
        }
        if (room === 0 && this.#list(group).length > 0) {
          this.asleep.add(group)
          this.counts.slept++
        }
        const jobs = this.#list(group).splice(0, room)
        left -= jobs.length
        return jobs
      })
      this.turns.push(...groups.filter(group => this.#list(group).length > 0 && !this.asleep.has(group) && !unneeded.includes(group)))
      this.turns.unshift(...unneeded)
      const jobs = Array.from({ length: each }, (_, nth) => given.flatMap(list => list[nth] ?? [])).flat()
      if (jobs.length > 0) return jobs
    }
    return []
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
    this.#first(awake)
  }

  #toHead (jobs: TurnJob[]): void {
    for (const job of jobs.toReversed()) this.#list(job.group).unshift(job)
    this.#grouped ||= jobs.some(({ group }) => group !== '')
    if (this.#grouped) this.#first([...new Set(jobs.map(({ group }) => group))])
  }

  #first (groups: string[]): void {
    this.turns = [...groups, ...this.turns.filter(group => !groups.includes(group))]
  }

  #list (group: string): TurnJob[] {
    let list = this.lists.get(group)
    if (!list) this.lists.set(group, list = [])
    return list
  }
}
