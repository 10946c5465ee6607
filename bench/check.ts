import { readFile, writeFile } from 'node:fs/promises'
import { take } from './measure.ts'
import type { Result } from './measure.ts'
import measures from './measures/engine.ts'

// Has a job become dearer? Compares Redis commands a job, and CPU a job as a multiple of what the plain list takes in the same
// run, with the committed figures: both hold still when the machine does not. `--write` makes this run's the committed ones.

const FILE = new URL('figures.json', import.meta.url)
const MAY_GROW = 1.5
const SCALE = { jobs: 50_000, rounds: 3 }

const figures: Record<string, number> = {}
for (const measure of measures.filter(({ name }) => ['submit', 'bulk', 'drain'].includes(name))) {
  const result = await take({ ...measure, contenders: ['engine', 'list'] }, SCALE, () => {})
  figures[`${measure.name}: Redis commands a job`] = result.value(['engine', 'commands'])
  for (const process of ['node', 'redis']) figures[`${measure.name}: CPU of ${process}, × the plain list's`] = ratio(result, `${process}_us`)
}

if (process.argv.includes('--write')) {
  await writeFile(FILE, JSON.stringify(figures, rounded, 2) + '\n')
} else {
  const committed = JSON.parse(await readFile(FILE, 'utf8')) as Record<string, number>
  for (const [name, value] of Object.entries(figures)) {
    const bound = committed[name]! * MAY_GROW
    const ok = value <= bound
    console.log(`${ok ? 'ok    ' : 'DEARER'} ${name}: ${value.toPrecision(3)}, at most ${bound.toPrecision(3)}`)
    if (!ok) process.exitCode = 1
  }
}

function ratio (result: Result, figure: string): number {
  return result.ratio({ measure: '', unit: '', ours: ['engine', figure], versus: 'list' })
}

function rounded (_key: string, value: unknown): unknown {
  return typeof value === 'number' ? Number(value.toPrecision(3)) : value
}
