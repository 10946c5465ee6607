import { resolve } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { request } from '../helper/client.ts'
import { until } from '../helper/engine.ts'
import { startSentinels } from '../helper/sentinels.ts'
import { startProcess } from '../helper/service.ts'

const HANDLERS = resolve('test/fixture/handlers.mjs')

/** Sentinels, an API and a worker under load; and what is still known of each job that was accepted. */
async function start (t: Test) {
  const { redises, master, env } = await startSentinels(t)
  const settings = { ...env, LEASE_SECONDS: '1', SWEEP_INTERVAL_MS: '100', SHUTDOWN_GRACE_SECONDS: '1', PORT: '0', WORKER_PORT: '0', HANDLERS }
  const [api] = await Promise.all([startProcess(t, 'src/server.ts', settings), startProcess(t, 'worker/main.ts', settings)])
  const accepted: string[] = []
  const stopping = new AbortController()
  const submitting = async () => {
    while (!stopping.signal.aborted) {
      const { status, body } = await request(api.address, '/submit', { task: 'pure' })
      if (status === 202) accepted.push(body.id)
      else await setTimeout(10)
    }
  }
  const all = Promise.all([submitting(), submitting()])
  const stop = async () => {
    stopping.abort()
    await all
  }
  t.teardown(stop)
  await until(() => accepted.length > 100)

  return {
    old: redises[0]!,
    accepted,
    stop,
    /** What was accepted before the call, when both replicas have it. */
    async replicated () {
      const ids = [...accepted]
      const redis = new Redis(redises[0]!.redisOptions)
      await redis.set('test:mark', 1)
      t.equal(await redis.wait(2, 10_000), 2)
      redis.disconnect()
      return ids
    },
    /** Resolves when another Redis is the master and jobs are accepted again; says how many were before. */
    async failedOver () {
      await until(async () => await master() !== redises[0]!.port)
      const before = accepted.length
      await until(() => accepted.length > before + 50)
      return before
    },
    async uncompleted (ids: string[]) {
      const open = new Set(ids)
      await until(async () => {
        for (const id of open) {
          const { status, body } = await request(api.address, `/jobs/${id}`)
          if (status === 404) return true // lost: it will not come any more
          if (status !== 200 || body.status !== 'completed') return false
          open.delete(id)
        }
        return true
      })
      return [...open]
    }
  }
}

t.test('the master is killed: the service finds the next by itself, and has all that was replicated', async t => {
  const { old, accepted, stop, replicated, failedOver, uncompleted } = await start(t)
  const safe = await replicated()
  await old.kill()
  const before = await failedOver()
  await old.start()
  await stop()
  t.same(await uncompleted(safe), [], `${safe.length} jobs accepted before, and replicated`)
  t.same(await uncompleted(accepted.slice(before)), [], `${accepted.length - before} jobs accepted after`)
})

t.test('the master hangs and comes back: nobody writes to it any more', async t => {
  const { old, accepted, stop, replicated, failedOver, uncompleted } = await start(t)
  const safe = await replicated()
  old.freeze()
  const before = await failedOver()
  old.thaw()
  const redis = new Redis({ ...old.redisOptions, maxRetriesPerRequest: null })
  t.teardown(async () => redis.disconnect())
  await until(async () => (await redis.role())[0] === 'slave')
  const after = accepted.length
  await until(() => accepted.length > after + 50)
  await stop()
  t.same(await uncompleted(safe), [], `${safe.length} jobs accepted before, and replicated`)
  t.same(await uncompleted(accepted.slice(before)), [], `${accepted.length - before} jobs accepted after`)
})
