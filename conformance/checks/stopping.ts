import type { Check } from '../check.ts'

// Being told to stop.

export const stopping: Check[] = [
  {
    name: 'quiet',
    says: 'made quiet by an operator, it finishes its job and takes no more',
    async run (t) {
      const program = await t.start({ lease: 3 })
      const id = await t.submit('sleep', { seconds: 2 })
      await t.given(id)
      await t.order('quiet')
      t.same((await t.ended(id)).status, 'completed', 'the status of the job')
      const next = await t.submit('echo', 1)
      await t.watch(3)
      if (t.http) {
        const { exchange } = t.http.told.find(({ job_id }) => job_id === id)!
        // It may hear of it with the answer to its first request.
        const after = t.http.asks.filter(({ at }) => at > exchange.at)
        t.expect(after.length <= 1, `it asks for no more jobs, not ${after.length} times`)
      }
      t.same((await t.job(next)).status, 'queued', 'the status of the next job')
      t.expect(program.exit === undefined || program.exit === 0, `it goes on or exits with 0, not with ${program.exit}`)
    }
  },
  {
    name: 'stop',
    says: 'stopped by an operator, it finishes its job and ends',
    async run (t) {
      const program = await t.start({ lease: 3 })
      const id = await t.submit('sleep', { seconds: 2 })
      await t.given(id)
      await t.order('stop')
      await t.exits(program)
      const job = await t.job(id)
      t.same([job.status, job.attempt], ['completed', 1], 'status and attempt')
    }
  },
  {
    name: 'stop-idle',
    says: 'stopped by an operator while it waits for jobs, it ends',
    async run (t) {
      const program = await t.start()
      await t.run('echo', 1)
      await t.order('stop')
      await t.exits(program)
    }
  },
  {
    name: 'terminate-idle',
    says: 'ends on SIGTERM while it waits for jobs',
    async run (t) {
      const program = await t.start()
      await t.run('echo', 1)
      await t.until('it waits', () => t.link.waits())
      program.signal('SIGTERM')
      await t.exits(program)
    }
  },
  {
    name: 'drain',
    says: 'on SIGTERM it finishes its job, takes no more, and ends',
    async run (t) {
      const program = await t.start()
      const id = await t.submit('sleep', { seconds: 2 })
      await t.given(id)
      const next = await t.submit('echo', 1)
      program.signal('SIGTERM')
      await t.exits(program)
      const job = await t.job(id)
      t.same([job.status, job.attempt, job.lost], ['completed', 1, 0], 'status, attempt and leases that were lost')
      t.same((await t.job(next)).status, 'queued', 'the status of the next job')
    }
  },
  {
    name: 'release',
    says: 'on SIGTERM it hands back the job that takes longer than its grace, and ends',
    async run (t) {
      const program = await t.start({ lease: 60, grace: 1 })
      const id = await t.submit('sleep', { seconds: 600 })
      await t.given(id)
      program.signal('SIGTERM')
      await t.exits(program)
      const job = await t.job(id)
      t.same([job.status, job.lost], ['queued', 0], 'status and leases that were lost')
    }
  }
]
