import { connect } from 'node:net'
import type { SettleAnswer, SettleRequest } from '../src/contract/schemas.ts'

/** How a remote worker drains the queue: over so many connections, in batches of so many jobs, until so many are done. */
export interface Drain { port: number, connections: number, batch: number, jobs: number }

// A worker that speaks HTTP and whose handler does nothing. Each connection settles what it has and is given the next in one request.
process.on('message', async ({ drain }: { drain?: Drain }) => {
  if (!drain) return
  const start = performance.now()
  try {
    await run(drain)
    process.send!({ answer: 'drain', ms: performance.now() - start })
  } catch (error) {
    process.send!({ answer: 'drain', error: (error as Error).stack })
  }
})
process.send!({ ready: true })

async function run ({ port, connections, batch, jobs }: Drain): Promise<void> {
  let done = 0
  await Promise.all(Array.from({ length: connections }, async (_, i) => {
    const post = client(port, '/leases/settle')
    const worker = { id: `bench-${i}` }
    let settlements: SettleRequest['settlements'] = []
    while (done < jobs) {
      const answer = await post({ worker, settlements, lease: { queues: ['default'], max: batch } })
      done += answer.settled.filter(({ state }) => state === 'ok').length
      settlements = answer.jobs.map(({ id, lease_token }) => ({ job_id: id, lease_token, outcome: 'completed' }))
      if (settlements.length === 0 && answer.settled.length === 0) return
    }
  }))
}

/** One connection, one request under way. */
function client (port: number, path: string): (body: SettleRequest) => Promise<SettleAnswer> {
  const socket = connect(port, '127.0.0.1').setNoDelay()
  let [resolve, reject]: [(answer: SettleAnswer) => void, (error: Error) => void] = [() => {}, () => {}]
  let pending: Buffer[] = []
  let missing = -1
  socket.on('error', error => reject(error))
  socket.on('data', chunk => {
    pending.push(chunk)
    if (missing < 0) {
      const text = Buffer.concat(pending)
      const end = text.indexOf('\r\n\r\n')
      if (end < 0) return
      const head = text.toString('latin1', 0, end)
      if (!head.startsWith('HTTP/1.1 2')) return reject(new Error(text.toString()))
      pending = [text.subarray(end + 4)]
      missing = Number(/content-length: (\d+)/i.exec(head)![1]) - (text.length - end - 4)
    } else {
      missing -= chunk.length
    }
    if (missing > 0) return
    const body = Buffer.concat(pending).toString()
    pending = []
    missing = -1
    resolve(JSON.parse(body))
  })
  return body => new Promise((...both) => {
    [resolve, reject] = both
    const text = JSON.stringify(body)
    socket.write(`POST ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`)
  })
}
