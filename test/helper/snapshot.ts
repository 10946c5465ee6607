import type { Redis } from 'ioredis'
import type { Priority } from '../../src/queue/job.ts'
import type { Engine } from './engine.ts'

/** The default queue as it lies in Redis, read key by key without any script. */
export interface Snapshot {
  ready: Record<Priority, string[]>
  /** members: the priority's letter and the id */
  scheduled: string[]
  retrying: string[]
  /** by worker, id to token */
  held: Map<string, Map<string, string>>
  completed: string[]
  /** id to time of death */
  dead: Map<string, number>
  /** completed jobs that have left the list's entry behind, and how often */
  left: Map<string, string>
  cancelled: string[]
  ties: Map<string, string>
  idle: string[]
  jobs: Map<string, string>
  outcomes: Map<string, string>
  attempts: Map<string, string>
  progress: Map<string, string>
  blocked: Map<string, string>
  /** of all queues: how many children have not ended */
  parents: Map<string, string>
  /** who has which unique key, by the hash that stands for it */
  unique: Map<string, string>
  /** ends of jobs that are to be told to their callbacks: `<c|f|x> <id>`, oldest first */
  ends: string[]
}

/** At one moment: in one transaction, but for the names of the workers. */
export async function snapshot ({ redis, key }: Engine): Promise<Snapshot> {
  const prefix = key(':active:')
  const workers = (await redis.keys(`${prefix}*`)).map(name => name.slice(prefix.length)).sort()
  const call = redis.multi()
  for (const list of [':high', '', ':low', ':completed', ':idle']) call.lrange(key(list), 0, -1)
  for (const zset of [':scheduled', ':retrying', ':dlq', ':cancelled']) call.zrange(key(zset), '0', '-1')
  for (const hash of ['jobs', 'outcomes', 'attempts', 'progress', key(':ties'), key(':completed:left'), key(':blocked'), 'parents']) call.hgetall(hash)
  for (const worker of workers) call.hgetall(prefix + worker)
  const replies = (await call.exec())!.map(([error, reply]) => {
    if (error) throw error
    return reply
  })
  const [high, normal, low, completed, idle, scheduled, retrying, dlq, cancelled, ...hashes] = replies as [...string[][]] as [
    string[], string[], string[], string[], string[], string[], string[], string[], string[], ...object[]]
  const [jobs, outcomes, attempts, progress, ties, left, blocked, parents, ...held] = hashes.map(hash => new Map(Object.entries(hash) as [string, string][]))
  const times = await scores(redis, key(':dlq'), dlq)
  return {
    ready: { high, normal, low },
    scheduled,
    retrying,
    held: new Map(workers.map((worker, i) => [worker, held[i]!])),
    completed,
    dead: times,
    cancelled,
    left: left!,
    ties: ties!,
    idle,
    jobs: jobs!,
    outcomes: outcomes!,
    attempts: attempts!,
    progress: progress!,
    blocked: blocked!,
    parents: parents!,
    unique: await strings(redis, key(':unique:')),
    ends: await ends(redis)
  }
}

/** Throws when an entry does not tell of the end that it says it does. */
async function ends (redis: Redis): Promise<string[]> {
  return (await redis.xrange('outbox', '-', '+')).map(([, [what, id, , record, , outcome]]) => {
    const letter = what!.slice('callback '.length)
    if (!outcome!.startsWith(letter) || !/^\d{13}[hnl]:default/.test(record!)) throw new Error(`${what} of ${id}: ${outcome}`)
    return `${letter} ${id}`
  })
}

async function strings (redis: Redis, prefix: string): Promise<Map<string, string>> {
  const names = await redis.keys(`${prefix}*`)
  const values = names.length > 0 ? await redis.mget(names) : []
  return new Map(names.map((name, i) => [name.slice(prefix.length), values[i]!]))
}

async function scores (redis: Redis, key: string, members: string[]): Promise<Map<string, number>> {
  if (members.length === 0) return new Map()
  const all = await redis.zmscore(key, ...members)
  return new Map(members.map((member, i) => [member, Number(all[i])]))
}
