import type { ModelJob } from './reference-job.ts'

// What the engine promises of unique keys and of jobs that wait for others.

export type Until = 'completed' | 'started' | number
export type OnConflict = 'return' | 'reject' | 'replace'

/** What a new job asks for beside its place. */
export interface Wish {
  job: ModelJob
  unique?: { key: string, until: Until, on_conflict: OnConflict }
}

export type Refusal = { taken: number, holder: string | undefined, sibling?: number | undefined } | { noParent: [job: number, parent: number] } | 'full'

/** What becomes of a new job. */
export type Verdict = { wish: Wish } & ({ becomes: 'queued' | 'scheduled' | 'blocked' } | { becomes: 'cancelled' } | { becomes: 'existing', holder: string })

export const hasEnded = ({ place }: ModelJob) => ['completed', 'dead', 'cancelled', 'kept', 'forgotten'].includes(place)
export const waits = ({ place }: ModelJob) => ['ready', 'scheduled', 'retrying', 'blocked'].includes(place)

export class Conditions {
  /** who has a unique key, and until when */
  readonly keys = new Map<string, { holder: string, until: Until }>()
  /** how many children of a job have not ended */
  readonly children = new Map<string, number>()
  readonly #byId: (id: string) => ModelJob | undefined

  constructor (byId: (id: string) => ModelJob | undefined) {
    this.#byId = byId
  }

  /** @param room how many more may wait */
  judge (wishes: Wish[], room: number): { refusal: Refusal } | { verdicts: Verdict[], replaced: ModelJob[] } {
    const claimed = new Map<string, ModelJob>()
    const verdicts: Verdict[] = []
    const replaced: ModelJob[] = []
    for (const [index, wish] of wishes.entries()) {
      const { job, unique } = wish
      const parents = job.parents.map(id => this.#byId(id)!)
      const missing = parents.findIndex(({ place }) => place === 'forgotten')
      if (missing >= 0) return { refusal: { noParent: [index, missing] } }
      const failed = parents.find(parent => hasEnded(parent) && !isGood(parent) && !job.runsAnyway)
      if (failed) {
        verdicts.push({ wish, becomes: 'cancelled' })
        continue
      }
      if (unique) {
        const { key, on_conflict } = unique
        const known = this.keys.get(key)
        const holder = claimed.get(key) ?? (known && this.#byId(known.holder)!)
        if (holder?.place === 'forgotten') return { refusal: { taken: index, holder: undefined, sibling: undefined } }
        if (holder && on_conflict === 'return') {
          verdicts.push({ wish, becomes: 'existing', holder: holder.id })
          continue
        }
        const sibling = claimed.has(key) ? wishes.findIndex(({ job }) => job === holder) : undefined
        if (holder && (on_conflict === 'reject' || !(sibling !== undefined || waits(holder)))) return { refusal: { taken: index, holder: sibling === undefined ? holder.id : undefined, sibling } }
        if (holder) replaced.push(holder)
        claimed.set(key, job)
      }
      verdicts.push({ wish, becomes: parents.some(parent => !hasEnded(parent)) ? 'blocked' : job.later ? 'scheduled' : 'queued' })
    }
    const kept = verdicts.filter(({ becomes }) => becomes !== 'existing' && becomes !== 'cancelled').length
    return kept - replaced.length > room ? { refusal: 'full' } : { verdicts, replaced }
  }

  claim ({ job, unique }: Wish): void {
    if (unique) this.keys.set(unique.key, { holder: job.id, until: unique.until })
    for (const parent of job.parents) this.children.set(parent, (this.children.get(parent) ?? 0) + 1)
    job.holdsParents = job.parents.length > 0
  }

  started (job: ModelJob): void {
    this.#free(job, ['started'])
  }

  ended (job: ModelJob): void {
    this.#free(job, ['started', 'completed'])
  }

  /** Returns which parents nobody needs any more. */
  letGo (job: ModelJob): ModelJob[] {
    if (!job.holdsParents) return []
    job.holdsParents = false
    const unneeded: ModelJob[] = []
    for (const id of job.parents) {
      const left = this.children.get(id)! - 1
      if (left > 0) {
        this.children.set(id, left)
      } else {
        this.children.delete(id)
        unneeded.push(this.#byId(id)!)
      }
    }
    return unneeded
  }

  #free (job: ModelJob, when: Until[]): void {
    for (const [key, { holder, until }] of this.keys) if (holder === job.id && when.includes(until)) this.keys.delete(key)
  }
}

/** Whether a job that has ended did what it was to do. */
function isGood ({ place }: ModelJob): boolean {
  return place === 'completed' || place === 'kept'
}
