import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { until } from '../helper/engine.ts'
import { startFleet } from '../helper/fleet.ts'
import { blocks, page, pages } from './markdown.ts'

const dir = await mkdtemp(join(tmpdir(), 'bellhop-docs-'))
t.teardown(() => rm(dir, { recursive: true, force: true }))
const fleet = await startFleet(t)
t.beforeEach(fleet.clear)

/** Runs a line of the docs against our own port and with our own id. */
async function shell (command: string, address: string, id: string): Promise<string> {
  const line = command.replaceAll('http://localhost:3000', address).replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, id)
  const { stdout } = await promisify(execFile)('sh', ['-c', line.replaceAll('curl ', 'curl -s ')])
  return stdout
}

t.test('the curl examples do what the docs say', async t => {
  const [api] = await Promise.all([fleet.api(), fleet.worker({ HANDLERS: '', PLACEHOLDER_MS: '1' })])
  const [submit, read] = blocks(page('README.md'), 'sh').filter(text => text.startsWith('curl')) as [string, string]
  const answer = await shell(submit, api.address, '')
  t.match(answer, /^HTTP\/1\.1 202 Accepted\r\n/)
  const [, id] = /location: \/jobs\/([0-9a-f-]{36})/.exec(answer) as unknown as [string, string]
  const [shownAnswer] = blocks(page('README.md'), 'http') as [string]
  const body = (text: string) => JSON.parse(text.slice(text.search(/\r?\n\r?\n/)))
  t.strictSame(body(answer), { ...body(shownAnswer), id })

  const shown = JSON.parse(blocks(page('README.md'), 'json')[0]!)
  const job = await until(async () => {
    const job = JSON.parse(await shell(read, api.address, id))
    return job.status === 'completed' && job
  })
  t.match(job, { ...shown, id })

  for (const [path, text] of pages) {
    if (path === 'README.md') continue
    for (const block of blocks(text, 'sh')) {
      // What remembers something is done as a whole, else each line by itself.
      const commands = /^\w+=.*\$\(.*\bcurl /.test(block) ? [block] : block.split('\n').filter(line => line.startsWith('curl'))
      for (const line of commands) {
        const answer = await shell(line, api.address, id)
        // A stream of events, or what an operation answers.
        if (answer.startsWith('retry: ')) t.match(answer, /^retry: 1000\n\n(event: (job|gap)\n|$)/, line)
        else t.notMatch(JSON.parse(answer), { status: Number }, line)
      }
    }
  }
})

t.test('the worker in a few lines of shell does its work, and obeys', async t => {
  const [script] = blocks(page('docs/workers.md'), 'bash') as [string]
  t.ok(script.trim().split('\n').length <= 25)
  const { address } = await fleet.api()
  const worker = spawn('bash', ['-c', script, 'worker', address], { stdio: 'ignore' })
  const exited = once(worker, 'exit')
  t.teardown(() => worker.kill('SIGKILL'))
  const post = async (path: string, body: object) => await (await fetch(address + path, { method: 'POST', headers: { 'content-type': 'application/json', prefer: 'wait=30' }, body: JSON.stringify(body) })).json() as any
  t.match(await post('/jobs', { task: 'add', input: [1, 2, 3.5] }), { status: 'completed', result: 6.5 })
  t.match(await post('/jobs', { task: 'add', input: 7 }), { status: 'failed', attempt: 1, error: { message: 'cannot be added' } })
  t.match(await post('/jobs', { task: 'other' }), { status: 'failed', error: { reason: 'no_handler' } })
  const { items: [{ id }] } = await (await fetch(`${address}/workers`)).json() as any
  t.match(await post(`/workers/${id}/stop`, {}), { id, state: 'stop' })
  t.same(await exited, [0, null])
})

t.test('the handlers of the docs can be loaded and run', async t => {
  const examples = [...pages].flatMap(([path, text]) => blocks(text, 'js').map(code => ({ path, code })))
  t.equal(examples.length, 5)
  // Under the names that they say they have.
  await writeFile(join(dir, 'package.json'), '{"type":"module"}')
  await mkdir(join(dir, 'work'))
  for (const { path, code } of examples) {
    const [, name] = /^\/\/ handlers\/(\S+)\n/.exec(code) ?? []
    t.ok(name, `${path} says where it is`)
    await writeFile(join(dir, name!), code)
  }
  await fleet.worker({ HANDLERS: dir })
  const ended = async (task: string, input: unknown) => {
    const { id } = await fleet.queue.submit({ task, input: JSON.stringify(input), max_attempts: 1 })
    return await until(async () => {
      const job = await fleet.queue.get(id)
      return job && ['completed', 'failed'].includes(job.status) && job
    })
  }
  t.match(await ended('resize', { url: 'http://localhost/cover.png', widths: [320, 640] }), { status: 'completed', result: '{"files":["cover-320.png","cover-640.png"]}' })
  t.match(await ended('count-primes', { to: 100_000 }), { status: 'completed', result: '9592' })
  t.match(await ended('report', { days: 7 }), { status: 'completed', result: '{"days":7}' })
  t.match(await ended('send-mail', { to: 1 }), { status: 'failed', errors: [{ reason: 'invalid_input' }] })
  // There is no such host: what counts is that the handler was reached and failed as handlers do.
  t.match(await ended('send-mail', { to: 'ada@localhost' }), { status: 'failed', errors: [{ reason: 'failed' }] })
})
