import t from 'tap'
import { startApi } from '../helper/api.ts'
import { completed, dead, startEngine } from '../helper/engine.ts'

const { server, queue, worker } = await startEngine(t)
const { client } = await startApi(t, server)

const NOBODY = '01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61'

t.test('a unique job', async t => {
  const body = { task: 'x', unique: { key: 'account 7' } }
  const first = await client.POST('/jobs', { body })
  t.match([first.response.status, first.data], [201, { status: 'queued', unique: { key: 'account 7', until: 'completed', on_conflict: 'return' } }])
  const second = await client.POST('/jobs', { body: { ...body, input: 'other' } })
  t.match([second.response.status, second.data], [200, { id: first.data!.id, input: null }])
  t.equal(second.response.headers.get('location'), `/jobs/${first.data!.id}`)
  t.same((await client.GET('/jobs/{id}', { params: { path: { id: first.data!.id } } })).data!.unique, { key: 'account 7', until: 'completed', on_conflict: 'return' })
  t.match((await client.POST('/submit', { body })).data, { status: 'queued', id: first.data!.id })

  const refused = await client.POST('/jobs', { body: { ...body, unique: { key: 'account 7', on_conflict: 'reject' } } })
  t.same([refused.response.status, refused.error], [409, {
    type: 'urn:bellhop:problem:unique-key-taken',
    title: 'Another job has the unique key',
    status: 409,
    detail: `/unique: the key belongs to the job ${first.data!.id}`,
    job_id: first.data!.id
  }])
  t.same((await client.POST('/submit', { body: { ...body, unique: { key: 'account 7', on_conflict: 'reject' } } })).error, { error: `/unique: the key belongs to the job ${first.data!.id}` })

  const replaced = await client.POST('/jobs', { body: { task: 'x', delay_seconds: 60, unique: { key: 'account 7', until: 'started', on_conflict: 'replace' } } })
  t.match([replaced.response.status, replaced.data], [201, { status: 'scheduled' }])
  t.match((await client.GET('/jobs/{id}', { params: { path: { id: first.data!.id } } })).data, { status: 'cancelled', cancellation: { reason: 'replaced', job_id: replaced.data!.id } })
})

t.test('unique jobs of a bulk', async t => {
  const unique = { key: 'k', until: 60 }
  const { data } = await client.POST('/jobs/bulk', { body: { jobs: [{ task: 'a', unique }, { task: 'b' }, { task: 'c', unique }] } })
  const [a, b] = data!.jobs
  t.same(data!.jobs, [{ id: a!.id, status: 'queued' }, { id: b!.id, status: 'queued' }, { id: a!.id, existing: true }])
  await worker().turn({ settlements: completed(await worker().turn({ max: 10 })) })
  const later = await client.POST('/jobs/bulk', { body: { jobs: [{ task: 'c', unique }] } })
  t.same(later.data!.jobs, [{ id: a!.id, existing: true }])
  const refused = await client.POST('/jobs/bulk', { body: { jobs: [{ task: 'x' }, { task: 'c', unique: { ...unique, on_conflict: 'reject' } }] } })
  t.match([refused.response.status, refused.error], [409, { detail: `/jobs/1/unique: the key belongs to the job ${a!.id}`, job_id: a!.id }])
  const twice = await client.POST('/jobs/bulk', { body: { jobs: [{ task: 'x', unique: { key: 'n' } }, { task: 'c', unique: { key: 'n', on_conflict: 'reject' } }] } })
  t.match([twice.response.status, twice.error!.detail, 'job_id' in twice.error!], [409, '/jobs/1/unique: the key belongs to /jobs/0', false])
  await queue.control('default', 'delete', [a!.id])
  const gone = await client.POST('/jobs/bulk', { body: { jobs: [{ task: 'c', unique }] } })
  t.match([gone.response.status, gone.error!.detail, 'job_id' in gone.error!], [409, '/jobs/0/unique: the key belongs to a job that is no longer kept', false])
  t.match(await queue.stats('default'), { totals: { submitted: 2 } })
})

t.test('a job whose idempotent submit was answered with another, which is forgotten', async t => {
  const { id } = await queue.submit({ task: 'x', unique: { key: 'k' } })
  const again = () => client.POST('/jobs', { params: { header: { 'Idempotency-Key': 'i' } }, body: { task: 'x', unique: { key: 'k' } } })
  t.match(await again().then(({ response, data }) => [response.status, data]), [200, { id }])
  await queue.control('default', 'cancel', [id])
  t.match(await again().then(({ response, data }) => [response.status, response.headers.get('idempotency-replayed'), data]), [200, 'true', { id, status: 'cancelled' }])
  await queue.control('default', 'delete', [id])
  t.match(await again().then(({ response, error }) => [response.status, error]), [409, { type: 'urn:bellhop:problem:conflict', detail: /no longer kept/ }])
})

t.test('a job that waits for others', async t => {
  const a = (await client.POST('/jobs', { body: { task: 'a' } })).data!.id
  const b = (await client.POST('/jobs', { body: { task: 'b', queue: 'other' } })).data!.id
  const { data, response } = await client.POST('/jobs', { body: { task: 'c', depends_on: [a, b], run_at: '2999-01-01T00:00:00Z' } })
  t.match([response.status, data], [201, { status: 'blocked', depends_on: [a, b], on_parent_failure: 'cancel', run_at: '2999-01-01T00:00:00.000Z' }])
  const read = async () => (await client.GET('/jobs/{id}', { params: { path: { id: data!.id } } })).data!
  t.match((await read()).waiting_for, [{ reason: 'parents', job_ids: [a, b] }, { reason: 'due' }, { reason: 'no_worker' }])
  t.match((await client.GET('/jobs', { params: { query: { status: ['blocked'] } } })).data!.items.map(({ id }) => id), [data!.id])
  t.match((await client.GET('/queues/{queue}', { params: { path: { queue: 'default' } } })).data!.counts, { blocked: 1, queued: 1 })
  await worker().turn({ settlements: completed(await worker().turn({ max: 10 })) })
  t.match((await read()).waiting_for, [{ reason: 'parents', job_ids: [b] }, { reason: 'due' }])
  const promoted = await client.POST('/jobs/{id}/promote', { params: { path: { id: data!.id } } })
  t.match([promoted.response.status, promoted.error!.detail], [409, /^The job is blocked; it can be promoted only while it waits for its time$/])
  await worker('w2', { queue: 'other' }).turn({ settlements: completed(await worker('w2', { queue: 'other' }).turn({ max: 10 })) })
  t.match(await read(), { status: 'scheduled', run_at: '2999-01-01T00:00:00.000Z' })

  const bulk = await client.POST('/jobs/bulk', { body: { jobs: [{ task: 'x', depends_on: [data!.id] }, { task: 'y', depends_on: [a] }] } })
  t.match(bulk.data!.jobs, [{ status: 'blocked' }, { status: 'queued' }])
  await client.POST('/jobs/{id}/cancel', { params: { path: { id: data!.id } } })
  t.match((await client.GET('/jobs/{id}', { params: { path: { id: bulk.data!.jobs[0]!.id } } })).data, { status: 'cancelled', cancellation: { reason: 'parent_failed', job_id: data!.id } })
  t.match((await client.POST('/jobs', { body: { task: 'x', depends_on: [data!.id] } })).data, { status: 'cancelled', cancellation: { reason: 'parent_failed', job_id: data!.id } })
  t.match((await client.POST('/submit', { body: { task: 'x', depends_on: [data!.id], on_parent_failure: 'run' } })).data, { status: 'queued' })
  t.match((await client.POST('/queues/{queue}/purge', { params: { path: { queue: 'default' } }, body: { statuses: ['blocked'] } })).data, { purged: { blocked: 0 }, more: false })
})

t.test('what it waits for ends badly, and it runs all the same', async t => {
  const a = await queue.submit({ task: 'a' })
  const { data } = await client.POST('/jobs', { body: { task: 'c', depends_on: [a.id], on_parent_failure: 'run' } })
  await worker().turn({ settlements: dead(await worker().turn({ max: 1 })) })
  t.match((await client.GET('/jobs/{id}', { params: { path: { id: data!.id } } })).data, { status: 'queued', on_parent_failure: 'run' })
})

t.test('what is wrong with them', async t => {
  const refused = async (body: object, errors: object[]) => {
    const { response, error } = await client.POST('/jobs', { body: { task: 'x', ...body } })
    t.match([response.status, error?.errors], [400, errors], JSON.stringify(body))
  }
  await refused({ unique: {} }, [{ path: '/unique/key', message: 'is required' }])
  await refused({ unique: { key: '' } }, [{ path: '/unique/key' }])
  await refused({ unique: { key: 'k'.repeat(257) } }, [{ path: '/unique/key' }])
  await refused({ unique: { key: 'k', until: 'finished' } }, [{ path: '/unique/until' }])
  await refused({ unique: { key: 'k', until: 0 } }, [{ path: '/unique/until' }])
  await refused({ unique: { key: 'k', until: true } }, [{ path: '/unique/until' }])
  await refused({ unique: { key: 'k', on_conflict: 'ignore' } }, [{ path: '/unique/on_conflict' }])
  await refused({ unique: { key: 'k', scope: 'x' } }, [{ path: '/unique/scope' }])
  await refused({ depends_on: [] }, [{ path: '/depends_on' }])
  await refused({ depends_on: ['x'] }, [{ path: '/depends_on/0' }])
  await refused({ depends_on: [NOBODY, NOBODY] }, [{ path: '/depends_on' }])
  await refused({ depends_on: [NOBODY, NOBODY.toUpperCase()] }, [{ path: '/depends_on', message: 'must not name a job twice' }])
  await refused({ depends_on: [NOBODY], on_parent_failure: 'wait' }, [{ path: '/on_parent_failure' }])
  await refused({ depends_on: [NOBODY] }, [{ path: '/depends_on/0', message: /^must be the id of a job that is there/ }])

  const { id } = await queue.submit({ task: 'a' })
  const bulk = async (jobs: Array<{ task: string }>) => (await client.POST('/jobs/bulk', { body: { jobs } })).error
  t.match(await bulk([{ task: 'x' }, { task: 'y', depends_on: [id, NOBODY] } as { task: string }]), { status: 400, errors: [{ path: '/jobs/1/depends_on/1' }] })
  t.match(await bulk(Array.from({ length: 101 }, (_, i) => ({ task: 'x', unique: { key: `${i}`, on_conflict: 'replace' } }))), { status: 400, errors: [{ path: '/jobs', message: /at most 100 jobs whose on_conflict is replace, and has 101/ }] })
  const ids = Array.from({ length: 100 }, (_, i) => NOBODY.slice(0, -3) + `${i + 100}`)
  t.match(await bulk(Array.from({ length: 11 }, () => ({ task: 'x', depends_on: ids }))), { status: 400, errors: [{ path: '/jobs', message: /at most 1000 ids in all depends_on together, and has 1100/ }] })
  t.match(await bulk(Array.from({ length: 101 }, (_, i) => ({ task: 'x', queue: `q${i}` }))), { status: 400, errors: [{ path: '/jobs', message: /of at most 100 queues, and are of 101/ }] })
  t.match(await queue.stats('default'), { totals: { submitted: 1 } })
})

t.test('200 at once with one unique key make one job', async t => {
  const answers = await Promise.all(Array.from({ length: 200 }, () => client.POST('/jobs', { body: { task: 'x', unique: { key: 'k' } } })))
  t.equal(answers.filter(({ response }) => response.status === 201).length, 1)
  t.equal(new Set(answers.map(({ data }) => data!.id)).size, 1)
})
