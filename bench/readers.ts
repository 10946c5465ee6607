import { get } from 'node:http'
import type { IncomingMessage } from 'node:http'

// Readers of streams and clients that wait, a connection each. Says when all of them are there, and again when all have been told.

export interface Readers { address: string, streams: number, waiting: string[] }

process.on('message', ({ readers }: { readers?: Readers }) => {
  if (!readers) return
  follow(readers).catch(error => process.send!({ answer: 'readers', error: (error as Error).stack }))
})
process.send!({ ready: true })

async function follow ({ address, streams, waiting }: Readers): Promise<void> {
  const wanted = new Set(waiting)
  const told: Promise<void>[] = []
  const opened: Promise<void>[] = []
  for (let i = 0; i < streams; i++) {
    let isOpen!: () => void
    opened.push(new Promise(resolve => { isOpen = resolve }))
    told.push(open(`${address}/events?kind=completed`).then(async response => {
      isOpen()
      const seen = new Set<string>()
      let rest = ''
      for await (const chunk of response.setEncoding('utf8')) {
        const lines = (rest + chunk).split('\n')
        rest = lines.pop()!
        for (const line of lines) {
          const [, id] = /^data: .*"job_id":"([^"]+)"/.exec(line) ?? []
          if (id && wanted.has(id)) seen.add(id)
        }
        if (seen.size === wanted.size) return
      }
      throw new Error(`a stream ended after ${seen.size} of ${wanted.size}: ${rest}`)
    }))
  }
  for (const id of waiting) {
    told.push(open(`${address}/jobs/${id}`, { prefer: 'wait=60' }).then(async response => {
      let text = ''
      for await (const chunk of response.setEncoding('utf8')) text += chunk
      if (JSON.parse(text).status !== 'completed') throw new Error(`not completed: ${text}`)
    }))
  }
  await Promise.all(opened)
  process.send!({ answer: 'open' })
  await Promise.all(told)
  process.send!({ answer: 'readers', at: process.hrtime.bigint().toString() })
}

function open (url: string, headers = {}): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => get(url, { headers, agent: false }, resolve).on('error', reject))
}
