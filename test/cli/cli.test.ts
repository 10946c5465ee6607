import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { FastifyPluginAsync } from 'fastify'
import t from 'tap'
import type { Test } from 'tap'
import { EXIT } from '../../cli/src/exit.ts'
import { buildProgram } from '../../cli/src/program.ts'
import { newKey } from '../../src/auth/keys.ts'
import { blocks, page, pages, table } from '../docs/markdown.ts'
import { buildCli } from '../helper/cli.ts'
import { until } from '../helper/engine.ts'
import { startFleet } from '../helper/fleet.ts'
import { startWorker } from '../helper/worker.ts'

const handlers: FastifyPluginAsync = async app => {
  for (const task of ['echo', 'send-welcome-mail', 'send-invoice']) app.handle(task, job => job.input)
  app.handle('tell', async (_, ctx) => {
    await watched
    await ctx.progress(50, 'half of it')
  })
}
let setWatched = () => {}
const watched = new Promise<void>(resolve => { setWatched = resolve })
const all = newKey({ scopes: ['submit', 'read', 'work', 'admin'] })
const reader = newKey({ scopes: ['read'] })
const fleet = await startFleet(t)
let address = ''
const [cli, api] = await Promise.all([
  buildCli(t, () => ({ BELLHOP_URL: address, BELLHOP_API_KEY: all.token })),
  fleet.api({ API_KEYS: `${all.entry},${reader.entry}` }),
  startWorker(t, fleet.server, handlers, { WORKER_QUEUES: 'default,work,broken' })
])
address = api.address

// They mostly wait for processes, and each has queues of its own.
t.jobs = 3
// A busy machine takes long for a hundred of them.
t.setTimeout(300_000)

const NOBODY = '01940b6e-5c1f-7a3d-9c0e-3f5a7b2d4e61'
const bellhop = (...args: string[]) => cli.run(args)
const inTerminal = (...args: string[]) => cli.run(args, { isTerminal: true })

/** What a command that goes well answers with --json. */
async function json (...args: string[]): Promise<any> {
  const { code, out, err } = await cli.run([...args, '--json'])
  if (code !== 0) throw new Error(`${args.join(' ')}: ${code} ${err}`)
  return JSON.parse(out)
}

/** Asks without the command line. */
async function ask (method: string, path: string, body?: unknown): Promise<any> {
  const headers = { authorization: `Bearer ${all.token}`, ...(body !== undefined && { 'content-type': 'application/json' }) }
  return await (await fetch(address + path, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) })).json()
}

/** That many jobs in the dead letters of a queue, as its worker does not know their task; their ids, oldest first. */
async function dead (queue: string, count: number): Promise<string[]> {
  const ids: string[] = []
  while (ids.length < count) {
    const jobs = Array.from({ length: Math.min(1000, count - ids.length) }, () => ({ task: 'unknown', queue }))
    ids.push(...(await ask('POST', '/jobs/bulk', { jobs })).jobs.map(({ id }: { id: string }) => id))
  }
  await until(async () => await fleet.redis.zcard(`queue:${queue}:dlq`) >= count)
  return ids
}

/** What each of these ends with, and that its message is there. */
async function fails (t: Test, code: number, cases: [string[], RegExp][], env?: NodeJS.ProcessEnv): Promise<void> {
  await Promise.all(cases.map(async ([args, message]) => {
    const ended = await cli.run(args, { ...(env && { env }) })
    t.equal(ended.code, code, args.join(' '))
    t.match(ended.err, message, args.join(' '))
    t.notMatch(ended.err, /\n {4}at |node:internal/, 'no stack')
  }))
}

t.test('submits a job, and waits for it', { buffered: true }, async t => {
  const text = '{"a": [1, 2.50, 12345678901234567890, "$& $\' $1 ü 日本 😀"]}'
  const { code, out } = await bellhop('submit', 'echo', text, '--queue', 'work', '--wait', '--json')
  t.equal(code, 0)
  t.equal(out.split('\n').length, 2, 'one document')
  t.match(out, `"input":${text}`, 'byte for byte')
  t.match(JSON.parse(out), { status: 'completed', task: 'echo', queue: 'work' })
  const shown = await bellhop('submit', 'echo', '--text', '\u001b[31mübel', '-q', 'work', '-w')
  t.match(shown.out, /^status +completed$/m)
  t.match(shown.out, /^result +\\u001b\[31mübel$/m, 'what could move a terminal is shown as text')

  const options = ['--queue', 'idle', '--priority', 'high', '--group', 'g', '--max-attempts', '5', '--backoff', 'fixed', '--backoff-delay', '2', '--time-limit', '10', '--delay', '3600', '--ttl', '7200', '--unique', 'k', '--on-conflict', 'reject', '--callback-url', 'https://example.com/done', '--keep-logs', '-t', 'a', '-t', 'b', '-m', 'k=v=w', '-m', 'x=']
  const job = await json('submit', 'resize', ...options)
  t.match(job, { status: 'scheduled', queue: 'idle', priority: 'high', group: 'g', max_attempts: 5, backoff: { type: 'fixed', delay_seconds: 2 }, timeout_seconds: 10, unique: { key: 'k', until: 'completed' }, callback_url: 'https://example.com/done', keep_logs: true, tags: ['a', 'b'], metadata: { k: 'v=w', x: '' } })
  t.equal(Date.parse(job.run_at) - Date.parse(job.created_at), 3_600_000)
  t.equal(Date.parse(job.expires_at) - Date.parse(job.created_at), 7_200_000)
  await fails(t, 1, [
    [['submit', 'resize', ...options], /^error: 409 .*unique/i],
    [['submit', 'unknown', '-q', 'work', '--wait'], /not done, it is failed: .*unknown/],
    [['submit', 'x', '-q', 'idle', '--wait-seconds', '0.1'], /has not ended yet, it is queued/]
  ])
  const child = await json('submit', 'after', '-q', 'idle', '--depends-on', job.id, '--on-parent-failure', 'run', '--run-at', '2100-01-01T00:00:00Z', '--unique', 'c', '--unique-until', '60')
  t.match(child, { status: 'blocked', depends_on: [job.id], run_at: '2100-01-01T00:00:00.000Z' })
  const [first, again] = await Promise.all([1, 2].map(() => json('submit', 'x', '-q', 'idle', '--idempotency-key', 'one')))
  t.equal(again.id, first.id)
})

t.test('takes inputs from stdin and files', { buffered: true }, async t => {
  const submit = (args: string[], input?: string | Buffer) => cli.run(['submit', 'echo', ...args, '-q', 'work', '-w', '--json'], { ...(input !== undefined && { input }) })
  // With the job around it, that is a body of 1 MiB.
  const large = `"${'ü'.repeat((1024 * 1024 - 200) / 2)}"`
  await writeFile(join(cli.dir, 'input.json'), ' [1.0] \n')
  const [stdin, file, dash, tooLarge] = await Promise.all([submit(['-'], large), submit(['--file', 'input.json']), submit(['-f', '-', '--text'], 'a\nb'), submit(['-'], `"${'x'.repeat(1024 * 1024 - 2)}"`)])
  t.equal(stdin.code, 0)
  t.ok(stdin.out.includes(`"input":${large}`), 'all of it')
  t.match(file.out, '"input":[1.0],')
  t.match(JSON.parse(dash.out), { result: 'a\nb' })
  t.equal(tooLarge.code, 1, 'no room for the job itself')
  t.match(tooLarge.err, /413/)
  const bad = await Promise.all([submit(['-'], 'x'.repeat(1024 * 1024 + 1)), submit(['-', '--text'], Buffer.from([0xff])), submit(['-'], '')])
  for (const [i, message] of [/larger than 1048576 bytes/, /Cannot read stdin: /, /input from stdin is not JSON/].entries()) {
    t.equal(bad[i]!.code, 2)
    t.match(bad[i]!.err, message)
  }
  await fails(t, 2, [
    [['submit', 'x', '{a}'], /^error: The input is not JSON: .*--text/],
    [['submit', 'x', '1', '-f', 'input.json'], /given twice/],
    [['submit', 'x', '-f', 'none.json'], /^error: --file: ENOENT/],
    [['submit', 'x', '--text'], /--text needs an input/]
  ])
})

t.test('shows jobs, and what is done to them', { buffered: true }, async t => {
  const { id } = await ask('POST', '/jobs', { task: 'wait for it', queue: 'jobs', delay_seconds: 3600, tags: ['red'] })
  const other = await ask('POST', '/jobs', { task: 'other', queue: 'jobs' })
  t.match((await bellhop('get', id)).out, new RegExp(`^id +${id}\nstatus +scheduled\n`))
  t.strictSame(await json('get', id), await ask('GET', `/jobs/${id}`))
  t.match(await json('promote', id), { status: 'queued' })
  t.match((await bellhop('cancel', id)).out, /^status +cancelled$/m)
  t.match(await json('retry', id), { status: 'queued' })

  const { out, err } = await bellhop('list', '-q', 'jobs', '--oldest', '-n', '1')
  t.match(out, new RegExp(`^ID +STATUS +QUEUE +TASK +ATTEMPT +CREATED\n${id}  queued  jobs +wait for it +0/3 +\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\dZ\n$`))
  const [, cursor] = /^There are more: --cursor (\S+)\n$/.exec(err)!
  t.match(await json('list', '-q', 'jobs', '--oldest', '--cursor', cursor!), { items: [{ id: other.id }], next_cursor: null })
  const ids = async (...args: string[]) => (await json('list', '-q', 'jobs', ...args)).items.map((job: { id: string }) => job.id)
  t.strictSame(await ids(), [other.id, id])
  t.strictSame(await ids('--tag', 'red', '--task', 'wait for it', '--status', 'queued,active', '--text', 'WAIT', '--created-after', '2020-01-01T00:00:00Z', '--created-before', '2100-01-01T00:00:00Z'), [id])
  await fails(t, 1, [
    ...['get', 'cancel', 'retry', 'promote', 'watch'].map((command): [string[], RegExp] => [[command, NOBODY], /^error: 404 /]),
    [['retry', id], /^error: 409 .*queued/],
    [['get', '..'], /^error: 404 /]
  ])
  await fails(t, 2, [
    [['get', 'x'], /^error: 400 .*\n {2}\/path\/id /],
    [['list', '--status', 'done'], /must be some of blocked, .*\n--help says what there is/],
    [['list', '--limit', '0'], /\/query\/limit/],
    [['list', '--created-after', 'today'], /\/query\/created_after/]
  ])
})

t.test('looks after queues', { buffered: true }, async t => {
  for (let i = 0; i < 3; i++) await ask('POST', '/jobs', { task: 'x', queue: 'busy', delay_seconds: i === 0 ? 3600 : 0 })
  t.match((await bellhop('queues')).out, /^QUEUE +STATE +QUEUED .*\n(.*\n)*busy +runs +2 +1 +0 /)
  t.match((await bellhop('pause', 'busy')).out, 'busy is paused: 2 queued, 0 active\n')
  t.match(await json('queues', 'busy'), { name: 'busy', paused: true })
  t.match((await bellhop('queues', 'busy')).out, /^paused +true$/m)
  t.match(await json('resume', 'busy'), { paused: false })
  t.match((await bellhop('purge', 'busy', '--status', 'scheduled', '--yes')).out, 'deleted 1 scheduled\n')
  await fails(t, 2, [[['purge', 'busy'], /give --yes/], [['purge', 'busy', '-y', '--status', 'active'], /must be some of/], [['pause', 'No queue'], /\/path\/queue/]])
  await fails(t, 1, [[['queues', 'nope'], /^error: 404 /], [['purge', 'nope', '-y'], /^error: 404 /]])

  const asked = async (answer: string) => {
    const purge = cli.start(['purge', 'busy'], { isTerminal: true })
    await purge.says(/Delete about 2 jobs of busy \(blocked, queued, scheduled, retrying\) for good\? \[y\/N\]/)
    purge.type(answer)
    return await purge.ended
  }
  const [no, nothing, left] = await Promise.all([asked('n\n'), asked('\u0004'), asked('\u0003')])
  t.match([no.code, nothing.code, left.code], [1, 1, 130])
  t.match(no.out, /Nothing was deleted/)
  const yes = await asked('y\n')
  t.equal(yes.code, 0)
  t.match(yes.out, /purging \[.*\] 100% 2 of 2[^]*deleted 2 queued/)
  t.match(await json('purge', 'busy', '-y'), { purged: { queued: 0 }, more: false })
})

t.test('lists and redrives dead letters, in steps', { buffered: true }, async t => {
  const ids = await dead('broken', 1200)
  const listed = await bellhop('dlq', 'list', 'broken', '-n', '2')
  t.match(listed.out, /ERROR\n(.+ failed .+ unknown .+ no_handler: .+\n){2}$/)
  t.match(listed.err, /There are more: --cursor /)
  await ask('POST', '/queues/broken/pause')
  t.match(await json('dlq', 'redrive', 'broken', '-n', '1'), { redriven: 1, not_found: [] })
  t.match(await json('dlq', 'redrive', 'broken', ids[5]!, ids[7]!), { redriven: 2 })
  const unknown = await bellhop('dlq', 'redrive', 'broken', ids[8]!, NOBODY)
  t.match(unknown, { code: 1, out: /^redriven 1, \d+ left\n$/, err: new RegExp(`Not among the dead letters of broken: ${NOBODY}`) })
  const rest = await inTerminal('dlq', 'redrive', 'broken')
  t.equal(rest.code, 0)
  t.match(rest.out, /redriving \[.*\] 100% (\d+) of \1[^]*redriven \d{4}, 0 left/)
  t.match(await json('dlq', 'redrive', 'broken'), { redriven: 0, remaining: 0 })
  await ask('POST', '/queues/broken/purge')
  await ask('POST', '/queues/broken/resume')
  await fails(t, 2, [[['dlq', 'redrive', 'broken', '-n', '0'], /at least 1/], [['dlq', 'redrive', 'broken', NOBODY, '-n', '1'], /--limit is for all/], [['dlq', 'list', 'broken', '-n', 'x'], /whole number/]])
})

t.test('looks after schedules and workers', { buffered: true }, async t => {
  await ask('PUT', '/schedules/nightly', { cron: '0 3 * * *', timezone: 'Europe/Berlin', job: { task: 'report', queue: 'idle' } })
  t.match((await bellhop('schedules', 'list')).out, /^SCHEDULE .*\nnightly +runs +0 3 \* \* \* Europe\/Berlin +report +\d{4}-/)
  t.match((await bellhop('schedules', 'pause', 'nightly')).out, /^paused +true$/m)
  t.match(await json('schedules', 'list'), { items: [{ name: 'nightly', paused: true }] })
  t.match(await json('schedules', 'resume', 'nightly'), { paused: false })
  t.match(await json('schedules', 'run', 'nightly'), { task: 'report', queue: 'idle' })
  t.match((await bellhop('schedules', 'get', 'nightly')).out, /^cron +0 3 \* \* \*$/m)
  await fails(t, 1, ['get', 'run'].map(command => [['schedules', command, 'none'], /^error: 404 /]))

  await ask('POST', '/leases', { worker: { id: 'py-1', language: 'python', version: '3.12', host: 'box', pid: 7 }, queues: ['py'] })
  t.match((await bellhop('workers')).out, /^WORKER +STATE .*\n(.*\n)*py-1 +run +python 3.12 +box:7 +py +0 /)
  t.strictSame(await json('workers', 'quiet', 'py-1'), { id: 'py-1', state: 'quiet' })
  t.match((await bellhop('workers', 'stop', 'py-1')).out, /^state +stop$/m)
  t.match((await json('workers', '-n', '100')).items.find(({ id }: { id: string }) => id === 'py-1'), { state: 'stop' })
  await fails(t, 1, [[['workers', 'quiet', 'none'], /^error: 404 /]])
})

t.test('watches a job until it ends', { buffered: true }, async t => {
  const [told, stuck] = await Promise.all([{ task: 'tell', queue: 'work' }, { task: 'x', queue: 'idle' }].map(job => ask('POST', '/jobs', job)))
  const [shown, lines, left] = [cli.start(['watch', told.id]), cli.start(['watch', told.id, '--json']), cli.start(['watch', stuck.id])]
  await Promise.all([shown.says(/tell in work/), lines.says(/"event":"job"/), left.says(/Z {2}queued {5}x in idle/)])
  left.interrupt()
  t.match(await left.ended, { code: 130, err: '' })
  setWatched()
  t.match(await shown.ended, { code: 0, out: /Z {2}progress.* 50 % half of it\n.*Z {2}completed [^]*^status +completed$/m })
  const { code, out } = await lines.ended
  t.equal(code, 0)
  const events = out.trimEnd().split('\n').map(line => JSON.parse(line))
  t.match(events.at(-1), { event: 'job', data: { id: told.id, status: 'completed' } })
  t.ok(events.some(({ event, id }) => event === 'completed' && id))
  const [failed] = await dead('work', 1)
  t.match(await bellhop('watch', failed!), { code: 1, err: /not done, it is failed/ })
})

t.test('tails events, as long as somebody reads them', { buffered: true }, async t => {
  const args = ['tail', '-q', 'idle', '-k', 'submitted,queued']
  const [lines, shown, others] = [cli.start([...args, '--json']), cli.start(args, { isTerminal: true }), cli.start(['tail', '-q', 'others'])]
  const seen = Promise.all([lines.says(/"event"/), shown.says(/idle/), others.says(/others/)])
  // They may not be there yet for the first.
  do {
    for (const queue of ['idle', 'others']) await ask('POST', '/jobs', { task: 'x', queue })
  } while (!await Promise.race([seen, setTimeout(50)]))
  lines.interrupt()
  shown.type('\u0003')
  others.interrupt()
  const { code, out, err } = await lines.ended
  t.match([code, err], [130, ''])
  t.equal((await shown.ended).code, 130)
  const other = await others.ended
  t.equal(other.code, 130)
  t.notMatch(other.out, /idle/)
  const events = out.trimEnd().split('\n').map(line => JSON.parse(line))
  for (const event of events) t.match(event, { event: /^(submitted|queued)$/, id: String, data: { queue: 'idle' } })

  await ask('POST', '/jobs/bulk', { jobs: Array.from({ length: 1000 }, () => ({ task: 'x', queue: 'idle' })) })
  const env = { ...process.env, BELLHOP_URL: address, BELLHOP_API_KEY: all.token }
  const since = await promisify(execFile)('bash', ['-c', 'set -o pipefail; ./bellhop tail --json -q idle --since "$1" | head -n 1', '-', events[0].id], { cwd: cli.dir, env })
  t.equal(since.stderr, '', 'no word of the pipe that was closed')
  t.equal(JSON.parse(since.stdout).data.queue, 'idle', 'what came after that event')
  await fails(t, 2, [[['tail', '--since', 'ü'], /printable ASCII/], [['tail', '-k', 'gone'], /must be some of submitted/], [['submit', 'x', '--idempotency-key', 'ü'], /printable ASCII/]])
})

t.test('has colours in a terminal alone', { buffered: true }, async t => {
  const list = (isTerminal: boolean, env = {}) => cli.run(['queues'], { isTerminal, env })
  const [shown, plain, piped] = await Promise.all([list(true), list(true, { NO_COLOR: '1' }), list(false)])
  t.ok(shown.out.includes('\u001b[1mQUEUE'))
  for (const { out } of [plain, piped]) t.ok(out.includes('QUEUE') && !out.includes('\u001b'))
})

t.test('says what is wrong, and ends as it says', { buffered: true }, async t => {
  t.match(await bellhop('dlq', 'redrive', '--help'), { code: 0, out: /--limit <count>[^]*--api-key/ })
  await fails(t, 2, [[[], /Usage: bellhop/], [['dlq'], /Usage: bellhop dlq/], [['nope'], /unknown command 'nope'/], [['list', '--nope'], /unknown option '--nope'/], [['get'], /missing required argument 'id'/], [['list', '--url', 'localhost:3000'], /must be an address/], [['list', '--timeout', '0'], /--timeout/], [['list', '--api-key', 'a b'], /--api-key \(BELLHOP_API_KEY\)/]])
  await fails(t, 1, [[['list'], /^error: 401 .*\nGive a key with --api-key or BELLHOP_API_KEY/]], { BELLHOP_API_KEY: '' })
  await fails(t, 1, [[['list', '--api-key', all.token.slice(0, -1)], /^error: 401 /]])
  await fails(t, 1, [[['pause', 'work'], /^error: 403 .*\nAnother key/]], { BELLHOP_API_KEY: reader.token })
  t.equal((await cli.run(['list'], { env: { BELLHOP_API_KEY: reader.token } })).code, 0)

  const serve = async (listener: RequestListener, isGone = false) => {
    const server = createServer(listener).listen(0, '127.0.0.1')
    await new Promise(resolve => server.once('listening', resolve))
    const { port } = server.address() as AddressInfo
    if (isGone) server.close()
    else t.teardown(() => { server.close().closeAllConnections() })
    return `http://127.0.0.1:${port}`
  }
  // Where nobody listens any more.
  const gone = await serve(() => {}, true)
  const [silent, html, none, gateway] = await Promise.all([serve(() => {}), serve((_, response) => response.end('<html>')), serve((_, response) => response.writeHead(404).end('null')), serve((_, response) => response.writeHead(502).end('<html>'))])
  await fails(t, 3, [
    [['list', '--url', gone], /^error: Cannot reach http:.*ECONNREFUSED.*BELLHOP_URL/],
    [['tail', '--url', gone], /^error: Cannot reach/],
    [['list', '--url', 'http://no-such-host.invalid'], /^error: Cannot reach .*(ENOTFOUND|EAI_AGAIN)/],
    [['list', '--url', silent, '--timeout', '0.2'], /has not answered within 0.2 s/],
    [['list', '--url', html], /not as Bellhop does/],
    [['list', '--url', none], /not as Bellhop does/],
    [['list', '--url', gateway], /answers 502/]
  ])
})

t.test('runs in the repository, too', { buffered: true }, async t => {
  const { stdout } = await promisify(execFile)('npm', ['run', '--silent', 'bellhop', '--', '--version'])
  t.match(stdout, /^\d+\.\d+\.\d+\n$/)
})

t.test('the docs have its commands, options and exit codes, and no others', async t => {
  const text = page('docs/cli.md')
  const program = buildProgram(new AbortController().signal)
  const names = program.commands.flatMap(command => command.commands.length === 0 ? [command.name()] : command.commands.map(inner => `${command.name()} ${inner.name()}`))
  t.strictSame(table(text, 'Commands').map(([name]) => name).sort(), names.map(name => `\`${name}\``).sort())
  const options = program.options.filter(({ long }) => long !== '--version').map(({ flags, envVar, defaultValue, description }) => [`\`${flags}\``, envVar ? `\`${envVar}\`` : '', defaultValue ? `\`${defaultValue}\`` : '', description])
  t.strictSame(table(text, 'Options of all commands'), options)
  t.strictSame(table(text, 'In scripts').map(([code]) => Number(code)), Object.values(EXIT))
})

/** What the docs' examples may run here. Others, such as kubectl, would do things to whatever cluster or cloud this host can reach. */
const HARMLESS = new Set(['bellhop', 'date', 'echo', 'jq', 'sort', 'uniq', 'xargs'])

/** Whether a line of the docs uses the command line, and nothing else but what is harmless. */
function isOurs (line: string): boolean {
  const bare = line.replace(/'[^']*'/g, "''")
  const programs = bare.split(/\|\|?|&&?|;|\$\(|`|[<>]\(|\n/).map(part => part.trim().replace(/^(\w+=)$/, '').split(/\s/)[0]!).filter(name => name !== '')
  const others = /\bxargs (?!-n 1 bellhop [a-z]+$)|[<>]/
  return programs.includes('bellhop') && !others.test(bare) && programs.every(name => HARMLESS.has(name))
}

t.test('only examples of the command line are run', async t => {
  for (const line of ['bellhop queues', 'date | bellhop submit note --text --file -', 'id=$(bellhop submit x --json | jq -r .id) && bellhop watch "$id"', "bellhop list --json | jq -r '.items[] | .id'"]) t.ok(isOurs(line), line)
  for (const line of ['kubectl -n bellhop rollout status deployment/api', 'bellhop queues | kubectl apply -f -', 'bellhop submit x "$(az account show)"', 'bellhop submit x `az login`', 'bellhop queues; rm x', 'bellhop queues & rm x', 'sudo bellhop queues', 'bellhop queues > file', 'bellhop queues | xargs rm', 'docker compose up']) t.notOk(isOurs(line), line)
})

t.test('the examples of the docs do what they say', async t => {
  const env = { ...process.env, PATH: `${cli.dir}:${process.env.PATH}`, BELLHOP_URL: address, BELLHOP_API_KEY: all.token }
  const lines = [...pages.values()].flatMap(text => blocks(text, 'sh')).flatMap(text => text.split('\n')).map(line => line.replaceAll('npm run --silent bellhop -- ', 'bellhop '))
  const commands = [...new Set(lines.filter(isOurs))]
  t.ok(commands.length > 15)
  const { id } = await ask('POST', '/jobs', { task: 'echo' })
  for (const line of commands) {
    const command = line.replaceAll(NOBODY, id)
    await t.resolves(promisify(execFile)('bash', ['-c', `set -o pipefail; ${command}`], { cwd: cli.dir, env }), command)
  }
})
