import t from 'tap'
import type { Test } from 'tap'
import { Leases } from '../../src/queue/lease.ts'
import type { Turn } from '../../src/queue/lease.ts'
import { Lane } from '../../worker/lane.ts'
import type { Slots } from '../../worker/lane.ts'
import { startEngine, until } from '../helper/engine.ts'
import { startWorker } from '../helper/worker.ts'

const engine = await startEngine(t)
const { server, queue, worker, connect } = engine

/** A lane that reads the answers of its turns when it is told to. */
async function slowLane (t: Test) {
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
  const leases = Object.setPrototypeOf(worker(), SlowReader.prototype) as Leases
  const seen = { begun: 0, turns: 0, messages: 0 }
  const slots: Slots = { stopping: false, pump () {}, fill () { seen.begun += Number(lane.startNext()) }, started () {}, finished () {}, turned () { seen.turns++ } }
  const lane = new Lane(app, leases, slots)
  t.teardown(() => lane.close())
  const subscriber = await connect()
  await subscriber.subscribe(leases.channel)
  subscriber.on('message', (_channel, message) => {
    seen.messages++
    const handed = Leases.handed(message)
    if ('leased' in handed) lane.handed(handed.leased)
    if ('cancelled' in handed) lane.cancelled(handed.cancelled, handed.token)
  })
  return { lane, seen, read }
}

t.test('an answer that is read after what came of it does not make a worker take itself for parked', async t => {
  const { lane, seen, read } = await slowLane(t)
  lane.turn(10)
  await until(async () => await engine.redis.llen(engine.key(':idle')) === 1)
  await queue.submit({ task: 'x' })
  await until(() => seen.begun === 1)
  read()
  await until(() => seen.turns === 1)
  t.equal(lane.hungry, true, 'it looks for more')
})

t.test('nor start a job that was cancelled in between', async t => {
  const { lane, seen, read } = await slowLane(t)
  const { id } = await queue.submit({ task: 'x' })
  lane.turn(1)
  await until(async () => (await queue.get(id))!.status === 'active')
  await queue.control('default', 'cancel', [id])
  await until(() => seen.messages === 1)
  // The same job again, under another lease.
  await queue.control('default', 'retry', [id])
  read()
  await until(() => seen.turns === 1)
  t.same([seen.begun, lane.load], [0, 0])
  lane.look()
  lane.turn(1)
  await until(() => seen.begun === 1)
})
