import { execFileSync, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import t from 'tap'
import { startKit } from '../../conformance/kit.ts'
import { Program } from '../../conformance/program.ts'
import { Trial } from '../../conformance/trial.ts'
import { until } from '../helper/engine.ts'

// What the conformance kit does not look at: how the example workers meet those who try them by hand.

const EXAMPLES: Record<string, { tools: string[], command: () => string[] }> = {
  Python: { tools: ['python3'], command: () => ['python3', 'examples/workers/worker.py'] },
  shell: { tools: ['bash', 'curl', 'jq'], command: () => ['bash', 'examples/workers/worker.sh'] },
  Go: {
    tools: ['go'],
    command () {
      const program = join(t.testdir(), 'worker')
      execFileSync('go', ['build', '-o', program, '.'], { cwd: 'examples/workers/go' })
      return [program]
    }
  }
}

const kit = await startKit(t)

for (const [name, { tools, command }] of Object.entries(EXAMPLES)) {
  const missing = tools.filter(tool => spawnSync('sh', ['-c', `command -v ${tool}`]).status !== 0)
  t.test(`the ${name} example`, { skip: missing.length > 0 && `not on PATH: ${missing.join(', ')}` }, async t => {
    const [file, ...args] = command()

    t.test('where there is no Bellhop it says so, and does not end as if all were done', async t => {
      const program = new Program(t, [file!, ...args], { BELLHOP_URL: `${kit.url}/elsewhere`, BELLHOP_API_KEY: kit.key })
      await until(() => program.exit !== undefined)
      t.equal(program.exit, 1)
      t.match(program.output, `${kit.url}/elsewhere is not where Bellhop is`)
    })

    t.test('on Ctrl-C it finishes its job', async t => {
      const trial = await Trial.prepare({ kit, scope: t, over: 'http', command: [file!, ...args], queue: `interrupted-${name.toLowerCase()}`, patience: 30 })
      const program = await trial.start({ lease: 3 })
      const id = await trial.submit('sleep', { seconds: 3 })
      // It is certain to run the job: one that is interrupted just as its job arrives may not have seen that yet.
      await trial.until('a heartbeat of the job', () => trial.http!.proxy.exchanges.some(({ path, status }) => path === `/jobs/${id}/heartbeat` && status === 200))
      program.signal('SIGINT')
      await trial.exits(program)
      t.match(await trial.job(id), { status: 'completed', attempt: 1, lost: 0 })
    })
  })
}
