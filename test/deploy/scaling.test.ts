import t from 'tap'
import { SettingsStore } from '../../src/queue/settings.ts'
import { completed, expire, idleWorker, startEngine } from '../helper/engine.ts'
import { readBicep } from './bicep.ts'
import { build, type Manifest } from './kustomize.ts'

// What the scalers look at, on a real Redis: whatever waits or runs, one of their keys is not empty, or no worker would come for it.

const engine = await startEngine(t)
const { redis, queue, worker } = engine

const scaled = (manifests: Manifest[]): string[] => manifests.find(({ kind }) => kind === 'ScaledObject')!.spec.triggers.map(({ metadata }: any) => metadata.listName)
const lists = readBicep('deploy/azure/main.bicep').declarations.find(({ name }) => name === 'lists')!.value as { list: string }[]
const scalers = { kubernetes: scaled(build('deploy/kubernetes/overlays/trial')), managed: scaled(build('deploy/kubernetes/overlays/managed')), azure: lists.map(({ list }) => list) }

/** The length of a key as KEDA takes it, by its type. */
async function length (key: string): Promise<number> {
  const type = await redis.type(key)
  if (type === 'zset') return await redis.zcard(key)
  if (type === 'hash') return await redis.hlen(key)
  return await redis.llen(key)
}

async function seen (of: keyof typeof scalers): Promise<string[]> {
  const lengths = await Promise.all(scalers[of].map(length))
  return scalers[of].filter((_key, i) => lengths[i]! > 0)
}

/** The worker has held nothing for as long as a lease. */
async function lapse (): Promise<void> {
  await expire(engine)
  await engine.sweep()
}

for (const name of Object.keys(scalers) as (keyof typeof scalers)[]) {
  t.test(`${name}: workers come for whatever waits, and go when there is nothing`, async t => {
    t.same(await seen(name), [])
    for (const group of [undefined, 'acme']) {
      for (const priority of ['high', 'normal', 'low'] as const) {
        await queue.submit({ task: 'x', priority, ...(group && { group }) })
        t.equal((await seen(name)).length, 1, `${priority}, ${group ?? 'no group'}`)
        const turn = await worker().turn({ max: 1 })
        t.same(await seen(name), ['job_queue:active'], 'and one stays while a job runs, though nothing waits behind it')
        await worker().turn({ settlements: completed(turn) })
        await lapse()
        t.same(await seen(name), [])
      }
    }
  })

  t.test(`${name}: groups that a rate keeps back are waited for`, async t => {
    await new SettingsStore(redis, engine.keys).change('default', () => ({ group_rate_limit: { limit: 1, period_seconds: 3600, burst: 1 } }))
    await queue.submitAll([{ task: 'x', group: 'acme' }, { task: 'x', group: 'acme' }])
    await worker().turn({ settlements: completed(await worker().turn({ max: 1 })) })
    t.same((await worker().turn({ max: 1 })).leased, [])
    await lapse()
    t.same(await seen(name), ['job_queue:asleep'])
  })

  t.test(`${name}: and for who works for nobody, none stays`, async t => {
    await idleWorker(engine, 'idle')
    t.same(await seen(name), [])
  })
}
