import { Bench } from './bench.ts'

/** What one round of one contender gave, by name: rates, times, sizes. */
export type Figures = Record<string, number>

/** One line of the result: a figure of ours, and what it is in proportion to somebody's. */
export interface Row {
  measure: string
  /** contender and figure */
  ours: [contender: string, figure: string]
  /** The same figure of this contender, or another figure of any. Without it the figure stands for itself. */
  versus?: string | [contender: string, figure: string]
  unit: string
  /** What the ratio (without `versus`: the figure) must reach, and what we aim at. */
  must?: number
  aim?: number
  /** Smaller is better: `must` and `aim` are upper bounds. */
  less?: boolean
}

export interface Scale { jobs: number, rounds: number }

export interface Measure {
  name: string
  /** Taken in turns, round by round. */
  contenders: string[]
  rows: Row[]
  /** A round of one contender. */
  round: (bench: Bench, contender: string, scale: Scale) => Promise<Figures>
  appendonly?: boolean
  /** Not for a quick pass: it takes a million jobs, or says how cost grows. */
  long?: boolean
  /** More than these rounds are not worth their time. */
  maxRounds?: number
}

/** The medians of all figures and of all ratios: both over rounds, the latter of figures of the same round. */
export class Result {
  readonly #rounds: Map<string, Figures>[]

  constructor (rounds: Map<string, Figures>[]) {
    this.#rounds = rounds
  }

  value ([contender, figure]: [string, string]): number {
    return median(this.#rounds.map(round => at(round, contender, figure)))
  }

  ratio ({ ours: [contender, figure], versus }: Row): number {
    const [other, otherFigure] = typeof versus === 'string' ? [versus, figure] : versus!
    return median(this.#rounds.map(round => at(round, contender, figure) / at(round, other, otherFigure)))
  }
}

/** One round that does not count, then alternating ones. */
export async function take (measure: Measure, scale: Scale, onRound: (round: number) => void): Promise<Result> {
  const rounds: Map<string, Figures>[] = []
  const count = Math.min(scale.rounds, measure.maxRounds ?? Infinity)
  const bench = await Bench.start({ appendonly: measure.appendonly })
  try {
    for (let i = 0; i <= count; i++) {
      onRound(i)
      const round = new Map<string, Figures>()
      for (const contender of measure.contenders) {
        await bench.redis.flushall()
        round.set(contender, await measure.round(bench, contender, scale))
      }
      if (i > 0) rounds.push(round)
    }
  } finally {
    await bench.close()
  }
  return new Result(rounds)
}

function at (round: Map<string, Figures>, contender: string, figure: string): number {
  const value = round.get(contender)?.[figure]
  if (value === undefined) throw new Error(`There is no figure ${figure} of ${contender}`)
  return value
}

function median (values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
