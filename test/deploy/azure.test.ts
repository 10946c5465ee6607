import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { ConfigError, loadConfig } from '../../src/config.ts'
import { DEFAULT_QUEUE, DELIVERIES, Keys } from '../../src/queue/keys.ts'
import { operations } from '../contract/contract.ts'
import { besides, Expression, parseBicep, readBicep, type Declaration } from './bicep.ts'

const FOLDER = 'deploy/azure'
const templates = readdirSync(FOLDER).filter(name => name.endsWith('.bicep')).map(name => ({ path: join(FOLDER, name), ...readBicep(join(FOLDER, name)) }))
const template = (name: string) => templates.find(({ path }) => path === join(FOLDER, name))!
const main = template('main.bicep')
const declared = ({ declarations }: { declarations: Declaration[] }, name: string) => declarations.find(declaration => declaration.name === name)!
const of = (kind: Declaration['kind'], { declarations }: { declarations: Declaration[] } = main) => declarations.filter(declaration => declaration.kind === kind)
const app = (name: string) => (declared(main, name).value as any).properties

/** What a list is, or that of a variable, or those that `concat` puts together. */
function list (value: unknown): any[] {
  if (Array.isArray(value)) return value
  const text = (value as Expression).text
  const [, variable, more] = /^concat\((\w+), (\[[\s\S]*\])\)$/.exec(text) ?? [undefined, text, '[]']
  return [...declared(main, variable!).value as any[], ...of('variable', parseBicep(`var more = ${more}`))[0]!.value as any[]]
}

t.test('the templates are Bicep whose names are all declared, and used', async t => {
  t.same(templates.map(({ path }) => path), [join(FOLDER, 'main.bicep'), join(FOLDER, 'redis.bicep')])
  for (const { path, errors, unknown, unused, functions } of templates) {
    t.same({ errors, unknown, unused }, { errors: [], unknown: [], unused: [] }, path)
    const known = ['allowed', 'concat', 'description', 'guid', 'json', 'maxLength', 'minLength', 'minValue', 'resourceGroup', 'secure', 'string', 'subscriptionResourceId', 'take', 'tenant', 'uniqueString']
    t.same(functions.filter(name => !known.includes(name)), [], path)
  }
  const text = readFileSync(main.path, 'utf8')
  t.not(parseBicep(text.replace('resource api ', 'resource ')).errors.length, 0, 'what is no Bicep would be found')
  t.match(parseBicep(text.replace('maxReplicas: maxWorkers', 'maxReplicas: maxWorker')), { errors: [], unknown: ['maxWorker'], unused: ['maxWorkers'] }, 'and so would a wrong name')
})

t.test('resources have a version of their API, and modules the parameters that they take', async t => {
  for (const { path, declarations } of templates) {
    for (const { name, is } of declarations.filter(({ kind }) => kind === 'resource')) t.match(is, /^Microsoft\.\w+(\/\w+)+@20\d\d-\d\d-\d\d$/, `${path}: ${name}`)
    const types = new Map(declarations.filter(({ kind }) => kind === 'resource').map(({ is }) => is!.split('@') as [string, string]))
    for (const { is } of declarations.filter(({ kind }) => kind === 'resource')) t.equal(types.get(is!.split('@')[0]!), is!.split('@')[1], `${path}: one version of each`)
    for (const { name, is, value } of declarations.filter(({ kind }) => kind === 'module')) {
      const parameters = of('parameter', readBicep(besides(path, is!)))
      const given = Object.keys((value as any).params)
      t.same(given.filter(given => !parameters.some(({ name }) => name === given)), [], name)
      t.same(parameters.filter(({ name, value }) => value === undefined && !given.includes(name)), [], name)
      const outputs = of('output', readBicep(besides(path, is!))).map(({ name }) => name)
      for (const [, output] of readFileSync(path, 'utf8').matchAll(new RegExp(`${name}\\.outputs\\.(\\w+)`, 'g'))) t.ok(outputs.includes(output!), `${name}: ${output}`)
    }
  }
  const sizes = declared(template('redis.bicep'), 'sku').decorators.join()
  t.ok(sizes.includes(declared(main, 'redisSku').value as string))
})

t.test('the file of parameters is one for the template: the others are asked for', async t => {
  const { parameters } = JSON.parse(readFileSync(join(FOLDER, 'main.parameters.json'), 'utf8'))
  const types: Record<string, string> = { string: 'string', int: 'number', bool: 'boolean' }
  for (const [name, { value }] of Object.entries<any>(parameters)) t.equal(typeof value, types[declared(main, name)?.is as string], name)
  t.same(of('parameter').filter(({ name, value }) => value === undefined && !(name in parameters)).map(({ name }) => name), ['registryName', 'image', 'apiKeys'])
})

t.test('no secret is in a template, in a file of parameters or in what a deployment answers', async t => {
  t.match(declared(main, 'apiKeys').decorators, ['@description', '@secure()'].map(text => new RegExp(`^${text.replace(/[()]/g, '\\$&')}`)))
  for (const { declarations } of templates) {
    for (const { name, value } of declarations.filter(({ kind }) => kind === 'output')) t.notMatch((value as Expression).text, /listKeys|apiKeys|sharedKey|primaryKey/i, name)
  }
  for (const secret of declared(main, 'secrets').value as any[]) {
    t.match(secret, { keyVaultUrl: { text: /vaultUri}secrets\/[\w-]+'$/ }, identity: { text: 'identity.id' } })
    t.notOk('value' in secret)
  }
  const database = declared(template('redis.bicep'), 'database').value as any
  t.match(database.properties, { clientProtocol: 'Encrypted', clusteringPolicy: 'NoCluster', evictionPolicy: 'NoEviction', persistence: { aofEnabled: true } })
})

t.test('both apps get settings that are good ones, and secrets that are there', async t => {
  const names = (declared(main, 'secrets').value as any[]).map(({ name }) => name)
  const stored = of('resource').filter(({ is }) => is!.startsWith('Microsoft.KeyVault/vaults/secrets@')).map(({ value }) => (value as any).name)
  t.same(names, stored)
  const values: Record<string, string> = { 'redis.outputs.host': 'bellhop.westeurope.redis.azure.net', 'string(redis.outputs.port)': '10000', 'string(workerConcurrency)': '10', 'redis-password': 'p', 'api-keys': `shop:${'a'.repeat(64)}:submit` }
  for (const name of ['api', 'worker']) {
    const { configuration, template } = app(name)
    t.match(configuration, { registries: { text: 'registries' }, secrets: { text: 'secrets' } })
    const [container] = template.containers
    for (const { secretRef } of list(container.env)) if (secretRef) t.ok(names.includes(secretRef), secretRef)
    const env = Object.fromEntries(list(container.env).map(({ name, value, secretRef }) => [name, secretRef ? values[secretRef] : value instanceof Expression ? values[value.text] : value]))
    try {
      t.match(loadConfig(env), { host: '0.0.0.0', authenticates: true, redis: { port: 10_000, password: 'p', tls: Object }, workerConcurrency: 10 }, name)
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      t.fail(`${name}: ${error.message}`)
    }
    for (const { httpGet, failureThreshold = 3 } of container.probes) {
      t.ok(operations.some(operation => operation.method === 'GET' && operation.path === httpGet.path), httpGet.path)
      t.equal(httpGet.port, name === 'api' ? loadConfig({}).port : loadConfig({}).workerPort)
      t.ok(failureThreshold <= 10, 'Azure takes no more')
    }
    const { periodSeconds, failureThreshold = 3 } = container.probes.find(({ type }: any) => type === 'Liveness')
    if (name === 'worker') t.ok(periodSeconds * (failureThreshold - 1) > loadConfig({}).maxBlockedSeconds, 'a handler that computes is not stopped')
  }
  t.match(app('api').configuration.ingress, { external: true, targetPort: loadConfig({}).port, allowInsecure: false })
  t.ok(app('worker').template.terminationGracePeriodSeconds > loadConfig({}).shutdownGraceSeconds + 10)
})

t.test('workers are scaled by the lists of jobs that wait, from none', async t => {
  const keys = new Keys()
  const base = keys.base(DEFAULT_QUEUE)
  const lists = declared(main, 'lists').value as any[]
  // what is in them when: scaling.test.ts
  t.same(lists.map(({ list }) => list), [base, `${base}:high`, `${base}:low`, ...['h', 'n', 'l'].map(priority => `${base}:turns:${priority}`), `${base}:asleep`, keys.active(DEFAULT_QUEUE), keys.base(DELIVERIES)])
  const { scale } = app('worker').template
  t.match(scale, { minReplicas: { text: 'minWorkers' }, maxReplicas: { text: 'maxWorkers' } })
  t.equal(declared(main, 'minWorkers').value, 0)
  t.match(scale.rules, [{ custom: { type: 'redis', metadata: { enableTLS: 'true', listName: { text: 'item.list' } }, auth: [{ secretRef: 'redis-password', triggerParameter: 'password' }] } }])
})
