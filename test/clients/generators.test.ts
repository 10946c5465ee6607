import { execFile, spawnSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { FetchingJSONSchemaStore, InputData, JSONSchemaInput, quicktype } from 'quicktype-core'
import t from 'tap'
import { contract, examplesOf, operations } from '../contract/contract.ts'

// What a generator for other languages makes of the contract's named schemas, and whether that compiles and reads the contract's examples: see docs/clients.md.

const run = promisify(execFile)
const lacks = (command: string) => spawnSync('sh', ['-c', command]).status !== 0
const dir = t.testdir()

/** Named schemas that are whole messages, and the examples of them. */
const messages = new Map<string, unknown[]>()
for (const item of Object.values<any>(contract.paths)) {
  for (const { requestBody, responses } of Object.values<any>(item)) {
    for (const media of [requestBody, ...Object.values<any>(responses)].map(holder => holder?.content?.['application/json']).filter(Boolean)) {
      const name = media.schema.$ref.split('/').at(-1)
      messages.set(name, [...messages.get(name) ?? [], ...examplesOf(media)])
    }
  }
}

async function generate (lang: 'python' | 'go', rendererOptions: Record<string, string>): Promise<string> {
  const schemas = new JSONSchemaInput(new FetchingJSONSchemaStore())
  const text = JSON.stringify({ components: { schemas: contract.components.schemas } })
  for (const name of messages.keys()) {
    await schemas.addSource({ name, uris: [`contract.json#/components/schemas/${name}`], schema: text })
  }
  const inputData = new InputData()
  inputData.addInput(schemas)
  const { lines } = await quicktype({ inputData, lang, rendererOptions })
  return lines.join('\n')
}

t.test('every body in JSON has a named schema', async t => {
  t.ok(messages.size > 30)
  for (const { operationId, method, path } of operations) {
    const { requestBody, responses } = contract.paths[path][method.toLowerCase()]
    for (const holder of [requestBody, ...Object.values<any>(responses)]) {
      for (const [type, { schema }] of Object.entries<any>(holder?.content ?? {})) {
        t.ok(type.endsWith('json') ? schema.$ref : schema.type === 'string', `${operationId}: ${type}`)
      }
    }
  }
})

t.test('Python: classes that read the examples, and write them again as they were', { skip: lacks('python3 -c "import dateutil"') && 'python3 or its dateutil is not there' }, async t => {
  await writeFile(join(dir, 'bellhop.py'), await generate('python', { 'python-version': '3.7' }))
  await writeFile(join(dir, 'examples.json'), JSON.stringify([...messages]))
  await writeFile(join(dir, 'check.py'), `
import json, re, bellhop
def plain(value):
    if isinstance(value, dict): return {key: plain(item) for key, item in value.items() if item is not None}
    if isinstance(value, list): return [plain(item) for item in value]
    # Times are read as times, and written in another way.
    return re.sub(r'(\\.\\d{3})(0{3})?(Z|[+]00:00)$|(?<=T\\d\\d:\\d\\d:\\d\\d)([+]00:00|[.]000Z|Z)$', lambda m: (m[1] if m[1] and m[1] != '.000' else '') + 'Z', value) if isinstance(value, str) else value
count = 0
for name, examples in json.load(open('examples.json')):
    of = getattr(bellhop, name)
    for example in examples:
        count += 1
        back = of.from_dict(example).to_dict()
        assert plain(back) == plain(example), (name, plain(back), plain(example))
print(count)
`)
  const { stdout } = await run('python3', ['check.py'], { cwd: dir })
  t.equal(Number(stdout), [...messages.values()].flat().length)
})

t.test('Go: types that compile', { skip: lacks('command -v go') && 'go is not on PATH' }, async t => {
  await writeFile(join(dir, 'bellhop.go'), await generate('go', { package: 'bellhop' }))
  await writeFile(join(dir, 'go.mod'), 'module bellhop\n\ngo 1.18\n')
  await run('go', ['build', './...'], { cwd: dir })
  t.pass()
})
