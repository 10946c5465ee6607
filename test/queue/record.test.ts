import t from 'tap'
import type { JobSpec } from '../../src/queue/job.ts'
import { decodeRecord, encodeRecord } from '../../src/queue/record.ts'

const NOW = 1_700_000_000_000

/** All that a record has, so that a new field is not forgotten here. */
const FIELDS: Required<Omit<JobSpec, 'task' | 'delay_ms' | 'run_at'>> = {
  type: 'image',
  input: '{"a":1.0}',
  queue: 'mails',
  priority: 'high',
  max_attempts: 7,
  backoff: { type: 'fixed', delay_seconds: 1, max_delay_seconds: 2, jitter: 0 },
  timeout_seconds: 9,
  keep_logs: true,
  tags: ['x'],
  metadata: { by: 'ada' },
  group: 'acme @ home',
  unique: { key: 'k', until: 'started', on_conflict: 'reject' },
  depends_on: ['01890a5d-ac96-774b-bcce-b302099a8057'],
  on_parent_failure: 'run',
  schedule: { name: 'nightly', slot: NOW - 5 },
  http: { url: 'https://example.com/run' },
  callback_url: 'https://example.com/',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  tracestate: 'a=b',
  expires_at: NOW + 5,
  ttl_ms: 5
}

t.test('a field is kept when it is the only one', async t => {
  for (const [name, value] of Object.entries(FIELDS)) {
    // What happens when a parent fails means nothing without one.
    const spec: JobSpec = { task: 'x', [name]: value, ...(name === 'on_parent_failure' && { depends_on: FIELDS.depends_on }) }
    const record = decodeRecord('id', NOW + encodeRecord(spec)) as unknown as Record<string, unknown>
    if (name === 'ttl_ms') t.equal(record.expires_at, NOW + 5)
    else t.match(record[name], value, name)
    t.equal(record.task, 'x', name)
  }
})

t.test('when it was to start at first', async t => {
  const due = (spec: Partial<JobSpec>) => decodeRecord('id', NOW + encodeRecord({ task: 'x', ...spec })).due_at
  t.equal(due({}), undefined)
  t.equal(due({ delay_ms: 7 }), NOW + 7)
  t.equal(due({ run_at: NOW + 9 }), NOW + 9)
})

t.test('what is kept is not mixed up with the job before', async t => {
  const specs: JobSpec[] = [{ task: 'a' }, { task: 'b' }, { task: 'b', queue: 'q' }, { task: 'b', queue: 'q', priority: 'low' }, { task: 'b' }, { task: 'b', tags: ['t'] }, { task: 'b', input: '1' }, { task: 'a', input: '2' }]
  for (const { task, queue = 'default', priority = 'normal', tags = [], input = 'null' } of specs) {
    t.match(decodeRecord('id', NOW + encodeRecord({ task, queue, priority, tags, input })), { task, queue, priority, tags, input })
  }
})
