import { connect } from 'node:net'

export interface Load { port: number, path: string, body: string, connections: number, requests: number }

// A client that costs little: keeps `connections` busy, one request under way on each, and reads no more of an answer than it must.
process.on('message', async ({ load }: { load?: Load }) => {
  if (!load) return
  const start = performance.now()
  try {
    await fire(load)
    process.send!({ answer: 'load', ms: performance.now() - start })
  } catch (error) {
    process.send!({ answer: 'load', error: (error as Error).stack })
  }
})
process.send!({ ready: true })

async function fire ({ port, path, body, connections, requests }: Load): Promise<void> {
  const request = Buffer.from(`POST ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
  let begun = 0
  const run = () => new Promise<void>((resolve, reject) => {
    const socket = connect(port, '127.0.0.1').setNoDelay()
    let pending: Buffer = Buffer.alloc(0)
    const next = () => {
      if (begun++ < requests) return socket.write(request)
      socket.end()
      resolve()
    }
    socket.on('connect', next)
    socket.on('error', reject)
    socket.on('data', chunk => {
      pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk])
      const end = pending.indexOf('\r\n\r\n')
      if (end === -1) return
      const head = pending.toString('latin1', 0, end)
      if (!head.startsWith('HTTP/1.1 2')) return reject(new Error(pending.toString()))
      if (pending.length < end + 4 + Number(/content-length: (\d+)/i.exec(head)![1])) return
      pending = Buffer.alloc(0)
      next()
    })
  })
  await Promise.all(Array.from({ length: connections }, run))
}
