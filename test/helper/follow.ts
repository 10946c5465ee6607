import type { FastifyInstance } from 'fastify'
import { contract, dereference } from '../contract/contract.ts'
import { check, validate } from './api.ts'

/** A server-sent event. */
export interface Sent { event: string, id?: string, data: any }

export interface Follower {
  status: number
  headers: Headers
  /** The next event; undefined at the end of the stream. Throws after 10 s. */
  next: () => Promise<Sent | undefined>
  /** All up to one that passes, that one included; or up to the end of the stream. */
  upTo: (passes: (sent: Sent) => boolean) => Promise<Sent[]>
  /** The text so far, comments too. */
  text: () => string
  close: () => void
}

const { schemas } = contract.components
const SCHEMAS: Record<string, object> = { job: dereference(schemas.Job), gap: dereference(schemas.StreamGap), end: dereference(schemas.StreamEnd) }
const JOB_EVENT = dereference(schemas.JobEvent)

/** Reads a stream of events over a real connection. Its head and every event are held against the contract. */
export async function follow (t: { teardown: (fn: () => Promise<void>) => void }, app: FastifyInstance, url: string, headers: Record<string, string> = {}): Promise<Follower> {
  const gone = new AbortController()
  t.teardown(async () => gone.abort())
  const response = await fetch(await addressOf(app) + url, { headers, signal: gone.signal })
  const isStream = response.status === 200
  check({ url }, response, isStream ? '' : await response.clone().text())
  const reader = response.body!.getReader()
  const decoder = new TextDecoder()
  let text = ''
  let rest = ''
  const next = async (): Promise<Sent | undefined> => {
    while (true) {
      const end = rest.indexOf('\n\n')
      if (end !== -1) {
        const sent = parse(rest.slice(0, end))
        rest = rest.slice(end + 2)
        if (sent) return sent
        continue
      }
      const { done, value } = await within(reader.read())
      if (done) return undefined
      const more = decoder.decode(value, { stream: true })
      text += more
      rest += more
    }
  }
  return {
    status: response.status,
    headers: response.headers,
    next,
    async upTo (passes) {
      const all: Sent[] = []
      for (let sent = await next(); sent; sent = await next()) {
        all.push(sent)
        if (passes(sent)) break
      }
      return all
    },
    text: () => text,
    close: () => gone.abort()
  }
}

/** Where the app listens; it begins to when first asked. */
export async function addressOf (app: FastifyInstance): Promise<string> {
  const address = app.server.address()
  return address && typeof address === 'object' ? `http://127.0.0.1:${address.port}` : await app.listen({ host: '127.0.0.1', port: 0 })
}

function parse (block: string): Sent | undefined {
  const fields: Record<string, string> = {}
  for (const line of block.split('\n')) {
    const [, name, value] = /^(\w+): (.*)$/.exec(line) ?? []
    if (name) fields[name] = name in fields ? `${fields[name]}\n${value}` : value!
  }
  if (fields.event === undefined) return undefined
  const data = JSON.parse(fields.data!)
  validate(SCHEMAS[fields.event] ?? JOB_EVENT, data, fields.event)
  return { event: fields.event, ...(fields.id && { id: fields.id }), data }
}

async function within<T> (promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => { timer = setTimeout(() => reject(new Error('no event for 10 s')), 10_000) })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
