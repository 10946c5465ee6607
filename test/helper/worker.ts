import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import { loadConfig } from '../../src/config.ts'
import type { Job, JobSpec, Status } from '../../src/queue/job.ts'
import { buildWorker } from '../../worker/worker.ts'
import { until } from './engine.ts'
import type { TestRedis } from './redis.ts'

/** A worker in this process, with these handlers; closed when the test ends. */
export async function startWorker (t: { teardown: (fn: () => Promise<void>) => void }, server: TestRedis, handlers: FastifyPluginAsync, env: NodeJS.ProcessEnv = {}): Promise<FastifyInstance> {
  const settings = { ...server.env, LOG_LEVEL: 'silent', WORKER_PORT: '0', SWEEP_INTERVAL_MS: '50', SHUTDOWN_GRACE_SECONDS: '0', MAX_BLOCKED_SECONDS: '0', ...env }
  const app = await buildWorker(loadConfig(settings), handlers)
  t.teardown(async () => { await app.close() })
  return app
}

/** Submits a job and waits for its end. */
export async function runJob (app: FastifyInstance, spec: JobSpec): Promise<Job> {
  const { id } = await app.queue.submit(spec)
  return await inStatus(app, id, 'completed', 'failed')
}

/** The job once it has one of these statuses. */
export async function inStatus ({ queue }: Pick<FastifyInstance, 'queue'>, id: string, ...statuses: Status[]): Promise<Job> {
  return await until(async () => {
    const job = await queue.get(id)
    return job && statuses.includes(job.status) ? job : undefined
  })
}
