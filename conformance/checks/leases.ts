import type { Check } from '../check.ts'

// Taking jobs, and keeping them.

export const leases: Check[] = [
  {
    name: 'long-poll',
    says: 'waits for jobs in long polls, and has one at once',
    over: 'http',
    async run (t, http) {
      await t.start()
      await t.watch(3)
      t.expect(http.asks.length <= 3, `it asks at most 3 times in 3 s when there is nothing to do, not ${http.asks.length} times`)
      const job = await t.run('echo', 1)
      const waited = Date.parse(job.started_at!) - Date.parse(job.created_at)
      t.expect(waited < 1000, `the job is started within 1 s, not ${waited} ms`)
    }
  },
  {
    name: 'identity',
    says: 'says who it is: the same in all requests, another at each start',
    async run (t) {
      const ids = async () => {
        const before = await t.link.ids()
        const program = await t.start()
        for (let i = 0; i < 2; i++) await t.run('echo', i)
        const after = await t.link.ids()
        program.signal('SIGKILL')
        await t.until('it is gone', () => program.exit !== undefined)
        return after.length - before.length
      }
      t.same([await ids(), await ids()], [1, 1], 'new ids of each of two processes')
    }
  },
  {
    name: 'hands',
    says: 'takes no more jobs than it can run: one',
    over: 'http',
    async run (t, http) {
      const ids = await Promise.all([1, 2, 3, 4].map(() => t.submit('sleep', { seconds: 0.2 })))
      await t.start()
      for (const id of ids) t.same((await t.ended(id)).status, 'completed', 'the status')
      for (const { answer, answeredAt } of http.asks) {
        const settled = new Set(http.told.filter(({ exchange }) => exchange.at <= answeredAt).map(({ lease_token }) => lease_token))
        const held = http.asks.filter(ask => ask.answeredAt > 0 && ask.answeredAt <= answeredAt).flatMap(ask => ask.answer?.jobs ?? []).filter(({ lease_token }) => !settled.has(lease_token))
        if (answer) t.expect(held.length <= 1, `it holds one job at a time, not ${held.length}`)
      }
    }
  },
  {
    name: 'priority',
    says: 'does jobs in the order in which it gets them: high before normal before low',
    async run (t) {
      await t.start()
      const busy = await t.submit('sleep', { seconds: 1 })
      await t.given(busy)
      const ids: string[] = []
      for (const priority of ['low', 'normal', 'high'] as const) ids.push(await t.submit('sleep', { seconds: 0.05 }, { priority }))
      const ends: string[] = []
      for (const id of ids) ends.push((await t.ended(id)).completed_at!)
      t.same([2, 1, 0].sort((a, b) => ends[a]! < ends[b]! ? -1 : 1), [2, 1, 0], 'the order of the jobs')
    }
  },
  {
    name: 'heartbeat',
    says: 'keeps a job that takes longer than its lease',
    async run (t) {
      await t.start({ lease: 3 })
      const id = await t.submit('sleep', { seconds: 7 })
      const job = await t.ended(id, t.patience + 7)
      t.same([job.status, job.attempt, job.lost], ['completed', 1, 0], 'status, attempt and leases that were lost')
    }
  },
  {
    name: 'cancel',
    says: 'stops a job that is cancelled, and says nothing more of it',
    async run (t) {
      await t.start({ lease: 3 })
      const id = await t.submit('sleep', { seconds: 600 })
      await t.given(id)
      await t.client.POST('/jobs/{id}/cancel', { params: { path: { id } } })
      t.same((await t.run('echo', 1)).status, 'completed', 'the status of the next job')
      t.same((await t.job(id)).status, 'cancelled', 'the status of the cancelled job')
      if (t.http) t.same(t.http.told.filter(({ job_id }) => job_id === id).length, 0, 'what it said of the cancelled job')
    }
  },
  {
    name: 'lost-lease',
    says: 'stops a job whose lease was lost, and goes on',
    async run (t) {
      await t.start({ lease: 3 })
      const id = await t.submit('sleep', { seconds: 600 })
      await t.given(id)
      t.link.silent = true
      // Another worker gets the job, and does it.
      const worker = { id: `other-${t.queue}` }
      const taken = await t.until('the lease runs out', async () => {
        const { data } = await t.client.POST('/leases', { body: { worker, queues: [t.queue] } })
        return data?.jobs[0]
      }, 15)
      await t.client.POST('/jobs/{id}/complete', { params: { path: { id } }, body: { lease_token: taken.lease_token, result: 'the other' } })
      t.link.silent = false
      t.same((await t.run('echo', 1)).status, 'completed', 'the status of the next job')
      t.same((await t.job(id)).result, 'the other', 'the result of the job that was lost')
    }
  }
]
