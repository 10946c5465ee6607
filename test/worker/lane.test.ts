import t from 'tap'
import { Leases } from '../../src/queue/lease.ts'
import type { Turn } from '../../src/queue/lease.ts'
import { Lane } from '../../worker/lane.ts'
import type { Slots } from '../../worker/lane.ts'
import { startEngine, until } from '../helper/engine.ts'
import { startWorker } from '../helper/worker.ts'

const engine = await startEngine(t)
const { server, queue, worker, connect } = engine

t.test('an answer that is read after what came of it does not make a worker take itself for parked', async t => {
  // Of another queue: only for what a lane needs of an app.
  const app = await startWorker(t, server, async () => {}, { WORKER_QUEUES: 'other' })
  let read!: () => void
  const late = new Promise<void>(resolve => { read = resolve })
  class SlowReader extends Leases {
    override async turn (turn: Turn) {
      const result = await super.turn(turn)
      await late
      return result
    }
  }
  const real = worker()
  const leases = Object.setPrototypeOf(real, SlowReader.prototype) as Leases
  let begun = 0
  let turns = 0
  const slots: Slots = { stopping: false, pump () {}, fill () { begun += Number(lane.startNext()) }, started () {}, finished () {}, turned () { turns++ } }
  const lane = new Lane(app, leases, slots)
  t.teardown(() => lane.close())
  const subscriber = await connect()
  await subscriber.subscribe(leases.channel)
  subscriber.on('message', (_channel, message) => {
    const handed = Leases.handed(message)
    if ('leased' in handed) lane.handed(handed.leased)
  })

  lane.turn(10)
  await until(async () => await engine.redis.llen(engine.key(':idle')) === 1)
  await queue.submit({ task: 'x' })
  await until(() => begun === 1)
  read()
  await until(() => turns === 1)
  t.equal(lane.hungry, true, 'it looks for more')
})
