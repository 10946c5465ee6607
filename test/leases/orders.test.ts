import { once } from 'node:events'
import { connect } from 'node:net'
import t from 'tap'
import { startApi } from '../helper/api.ts'
import { startEngine, until } from '../helper/engine.ts'
import { addressOf } from '../helper/follow.ts'

const { server, queue, redis, keys } = await startEngine(t)
const { client, app } = await startApi(t, server, { SWEEP_INTERVAL_MS: '60000' })

let nth = 0
const poll = async (id: string, wait_seconds = 0) => (await client.POST('/leases', { body: { worker: { id }, queues: ['default'], wait_seconds } })).data!
const beat = async (id: string) => (await client.POST('/leases/heartbeat', { body: { worker: { id }, leases: [] } })).data!
const tell = async (id: string, order: 'quiet' | 'stop') => (await client.POST(`/workers/{id}/${order}`, { params: { path: { id } } })).data!
/** Something happens when Redis has been asked for jobs, the next time. */
const afterTurn = (happens: () => Promise<unknown>) => {
  const { desk } = app
  const turn = desk.turn
  desk.turn = async (...args) => {
    desk.turn = turn
    const result = await desk.turn(...args)
    await happens()
    return result
  }
}

t.test('what a worker was told holds as long as it is heard of, though it has no jobs', async t => {
  for (const [order, lives] of [['quiet', beat], ['quiet', poll], ['stop', beat], ['stop', poll]] as const) {
    const id = `idle${nth++}`
    await poll(id)
    await tell(id, order)
    const known = Number(await redis.zscore(keys.workersSeen, `~${id}`))
    const states = new Set<string>()
    await until(async () => {
      states.add((await lives(id)).worker_state)
      return Number(await redis.zscore(keys.workersSeen, `~${id}`)) > known
    })
    t.same([...states], [order])
  }
})

t.test('a worker that is told something while Redis is asked does not wait for jobs', async t => {
  const id = `told${nth++}`
  await poll(id)
  afterTurn(async () => {
    await tell(id, 'quiet')
    await until(() => app.crew.stateOf(`~${id}`) === 'quiet')
    await queue.submit({ task: 'x' })
  })
  t.same(await poll(id, 60), { jobs: [], worker_state: 'quiet' })
})

t.test('an announcement that was under way takes nothing back', async t => {
  const id = `under-way${nth++}`
  const { announce } = app.workers
  app.workers.announce = async (...args) => {
    const state = await announce.apply(app.workers, args)
    app.workers.announce = announce
    app.crew.told(`~${id}`, 'stop')
    return state
  }
  t.equal((await beat(id)).worker_state, 'stop')
})

t.test('what was said while Redis was away is heard afterwards', async t => {
  const id = `away${nth++}`
  const answer = poll(id, 60)
  await until(() => app.desk.waiting === 1)
  // Nobody says so on the channel.
  await redis.hset(keys.workersOrders, `~${id}`, 'stop')
  const back = once(app.redis, 'ready')
  const line = (await redis.client('LIST') as string).split('\n').find(each => each.includes(' name=bellhop '))!
  await redis.client('KILL', 'ID', /^id=(\d+)/.exec(line)![1]!)
  await back
  t.same(await answer, { jobs: [], worker_state: 'stop' })
})

t.test('a client that goes while Redis is asked does not wait', async t => {
  const { hostname, port } = new URL(await addressOf(app))
  const body = JSON.stringify({ worker: { id: 'gone' }, queues: ['default'], wait_seconds: 60 })
  const socket = connect(Number(port), hostname)
  const happened = new Promise<void>(resolve => afterTurn(async () => {
    const closed = once(app.server, 'gone')
    socket.destroy()
    await closed
    resolve()
  }))
  app.server.once('request', (_request, response) => response.once('close', () => app.server.emit('gone')))
  socket.write(`POST /leases HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`)
  await happened
  await new Promise(setImmediate)
  t.equal(app.desk.waiting, 0)
})
