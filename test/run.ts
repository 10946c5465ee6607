import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { TapConfig } from '@tapjs/config'
import { report } from '@tapjs/reporter'
import t from 'tap'

// Runs the tests that `npm run build:test` has compiled: all, or those in the folders and files that are its arguments. Each file is a process of
// its own, with the settings of .taprc. The command `tap` does that from the sources; but it compiles for each file anew, and has every process
// that a test starts load what measures coverage. That takes twice the time.

const BUILD = 'build'
/** They take long, and have commands of their own. */
const LONG = ['test/faults', 'test/conformance']

const config = await TapConfig.load()
config.parse([])
const isIn = (paths: string[], name: string) => paths.some(path => name === path || name.startsWith(`${path.replace(/\/$/, '')}/`))
const given = process.argv.slice(2)
const names = readdirSync(join(BUILD, 'test'), { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.test.js'))
  .map(name => join('test', name.replace(/js$/, 'ts')))
  .filter(name => given.length === 0 ? !isIn(LONG, name) : isIn(given, name))
  .sort()
for (const path of given) if (!names.some(name => isIn([path], name))) throw new Error(`There is no test in ${path}`)

const reporter = config.get('reporter')!
if (reporter !== 'tap') await report(reporter, t, config)
t.jobs = config.get('jobs')!
t.setTimeout(0)
t.plan(names.length)
// In NODE_OPTIONS, tap has the module that measures coverage.
const node = [`NODE_OPTIONS=${process.env.NODE_OPTIONS ?? ''}`, process.execPath, '--enable-source-maps']
for (const name of names) {
  t.spawn('env', [...node, join(BUILD, name.replace(/ts$/, 'js'))], { name, buffered: true, timeout: config.get('timeout')! * 1000 })
}
