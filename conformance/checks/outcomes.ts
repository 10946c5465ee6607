import type { Check } from '../check.ts'

// What comes of a job.

let deep: unknown = 'here'
for (let level = 0; level < 50; level++) deep = level % 2 ? [deep] : { in: deep }

/** What a careless program breaks: by its encoding, its numbers, its idea of nothing, or its shell. */
const STRANGE: unknown[] = [
  null, false, '', 0, [], {}, [null], { '': '' }, { null: null },
  'grüße, 世界, 👩‍👩‍👧, e\u0301, \u2028, \u202eright to left', { 'ключ 🔑': 'ü' },
  'line\nbreak\r\n, tab\t, "quotes", \'single\', `backticks`, \\ and \\n', '$HOME $(echo no) %s %d {{x}} <b>&amp;</b> ; rm -rf', '\u0000\u0001\u001f\u007f', '  spaces  ', 'null', '-n',
  [0.1, 1e21, 1e-7, -1, 5e-324, 1.7976931348623157e308, 9007199254740991], deep
]

export const outcomes: Check[] = [
  {
    name: 'echo',
    says: 'completes a job with its result',
    async run (t) {
      await t.start()
      const input = { text: 'hello', list: [1, 2, 3] }
      const job = await t.run('echo', input)
      t.same(job.status, 'completed', 'the status')
      t.same(job.result, input, 'the result')
    }
  },
  {
    name: 'strange-input',
    says: 'takes any JSON and gives it back: Unicode, numbers, null, empty, deep, control characters',
    async run (t) {
      await t.start()
      const { data } = await t.client.POST('/jobs/bulk', { body: { jobs: STRANGE.map(input => ({ queue: t.queue, task: 'echo', input, max_attempts: 1 })) } })
      for (const [i, { id }] of data!.jobs.entries()) {
        const job = await t.ended(id)
        t.same(job.status, 'completed', `of ${JSON.stringify(STRANGE[i])}, the status`)
        t.same(job.result, STRANGE[i], 'the result')
      }
    }
  },
  {
    name: 'large-input',
    says: 'takes an input of 700 KB and gives it back',
    async run (t) {
      await t.start()
      const input = { text: 'x'.repeat(350_000), list: Array.from({ length: 35_000 }, (_, i) => `line ${i % 10}`) }
      const job = await t.run('echo', input)
      t.same(job.status, 'completed', 'the status')
      t.same(job.result, input, 'the result')
    }
  },
  {
    name: 'failure',
    says: 'fails a job with the message',
    async run (t) {
      await t.start()
      for (const message of ['no such picture', 'line 1\nline 2 "quoted" \\ grüße 👋 $HOME']) {
        const job = await t.run('fail', { message })
        t.same(job.status, 'failed', 'the status')
        t.same(job.error?.message, message, 'the message')
        t.same(job.error?.reason, 'failed', 'the reason')
      }
    }
  },
  {
    name: 'no-retry',
    says: 'says that another attempt would be in vain',
    async run (t) {
      await t.start()
      const job = await t.run('fail', { message: 'never', retry: false }, { max_attempts: 3 })
      t.same([job.status, job.attempt], ['failed', 1], 'status and attempt')
    }
  },
  {
    name: 'retry-after',
    says: 'says when to try again',
    async run (t) {
      await t.start()
      const id = await t.submit('fail', { message: 'busy', retry_after_seconds: 1000 }, { max_attempts: 3 })
      const { run_at, updated_at } = await t.until('the job waits for its next attempt', async () => {
        const job = await t.job(id) as any
        return job.status === 'retrying' && { run_at: job.run_at, updated_at: job.errors[0].at }
      })
      t.same(Math.round((Date.parse(run_at) - Date.parse(updated_at)) / 1000), 1000, 'seconds until then')
    }
  },
  {
    name: 'attempts',
    says: 'runs a job again that has failed, and knows which attempt it is',
    async run (t) {
      await t.start()
      const job = await t.run('flaky', { failures: 2 }, { max_attempts: 3 })
      t.same([job.status, job.attempt], ['completed', 3], 'status and attempt')
      t.same(job.result, { attempt: 3 }, 'the result')
    }
  },
  {
    name: 'unknown-task',
    says: 'fails a job whose task it does not know, at once, with the reason no_handler',
    async run (t) {
      await t.start()
      const job = await t.run('no-such-task', null, { max_attempts: 3 })
      t.same([job.status, job.attempt, job.error?.reason], ['failed', 1, 'no_handler'], 'status, attempt and reason')
    }
  },
  {
    name: 'bad-input',
    says: 'fails a job whose input is of no use to its task, and goes on',
    async run (t) {
      const program = await t.start()
      for (const input of [null, 'soon', { seconds: 'two' }, []]) t.same((await t.run('sleep', input)).status, 'failed', `of ${JSON.stringify(input)}, the status`)
      t.same((await t.run('echo', 1)).status, 'completed', 'the status of the next job')
      t.expect(program.exit === undefined, 'it still runs')
    }
  },
  {
    name: 'timeout',
    says: 'fails a job that takes longer than its timeout_seconds, with the reason timed_out',
    async run (t) {
      await t.start()
      const job = await t.run('sleep', { seconds: 60 }, { timeout_seconds: 1 })
      t.same([job.status, job.error?.reason], ['failed', 'timed_out'], 'status and reason')
      t.same((await t.run('echo', 1)).status, 'completed', 'the status of the next job')
    }
  }
]
