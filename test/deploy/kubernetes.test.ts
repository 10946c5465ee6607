import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import ts from 'typescript'
import { parseAllDocuments } from 'yaml'
import { ConfigError, loadConfig } from '../../src/config.ts'
import { DEFAULT_QUEUE, DELIVERIES, Keys } from '../../src/queue/keys.ts'
import { operations } from '../contract/contract.ts'
import { build, podOf, type Manifest } from './kustomize.ts'

const OVERLAYS = 'deploy/kubernetes/overlays'
const overlays = readdirSync(OVERLAYS).map(name => ({ name, manifests: build(join(OVERLAYS, name)) }))

/** The module that has the types of a manifest, in packages that are made from the schemas of Kubernetes and of KEDA. */
const moduleOf = ({ apiVersion }: Manifest) => apiVersion.startsWith('keda.sh/') ? `@kubernetes-models/keda/${apiVersion}` : `kubernetes-models/${apiVersion}`

const found = (manifests: Manifest[], kind: string, name: string) => manifests.find(manifest => manifest.kind === kind && manifest.metadata.name === name)!

const pods = (manifests: Manifest[]) => manifests.filter(manifest => podOf(manifest))

const selects = (selector: Record<string, string>, labels: Record<string, string> = {}) => Object.entries(selector).every(([name, value]) => labels[name] === value)

/** What the compiler says of manifests as values of their types: fields that do not exist, or are of another type. */
function typeErrors (manifests: Manifest[]): string[] {
  // in the project, so that the packages are found
  mkdirSync('.tap', { recursive: true })
  const folder = mkdtempSync(join('.tap', 'manifests-'))
  const file = join(folder, 'manifests.ts')
  const lines = manifests.map((manifest, i) => `import type { I${manifest.kind} as T${i} } from '${moduleOf(manifest)}'\nexport const m${i}: T${i} = ${JSON.stringify(manifest)}`)
  try {
    writeFileSync(file, lines.join('\n'))
    const program = ts.createProgram([file], { strict: true, noEmit: true, skipLibCheck: true, module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext, target: ts.ScriptTarget.ES2022, types: [] })
    return ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function validate (t: Test, manifests: Manifest[]): Promise<void> {
  for (const manifest of manifests) {
    const { [manifest.kind]: Model } = await import(moduleOf(manifest))
    t.doesNotThrow(() => new Model(manifest).validate(), `${manifest.kind} ${manifest.metadata.name}`)
  }
}

t.test('manifests are what the schemas of Kubernetes and KEDA allow', async t => {
  for (const { name, manifests } of overlays) {
    t.ok(manifests.length > 10, name)
    await validate(t, manifests)
  }
  t.same(typeErrors(overlays.flatMap(({ manifests }) => manifests)), [])
  const wrong = structuredClone(found(overlays[0]!.manifests, 'Deployment', 'api'))
  podOf(wrong).containers[0].readinesProbe = {}
  t.match(typeErrors([wrong]), [/readinesProbe/], 'a field that does not exist would be found')
})

t.test('kustomize makes the same of them', async t => {
  for (const { name, manifests } of overlays) {
    let text
    try {
      text = execFileSync('kubectl', ['kustomize', join(OVERLAYS, name)], { encoding: 'utf8' })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return t.comment('SKIPPED: no kubectl')
      throw error
    }
    const key = ({ kind, metadata }: Manifest) => `${kind} ${metadata.name}`
    const sorted = (all: Manifest[]) => all.toSorted((a, b) => key(a) < key(b) ? -1 : 1)
    t.same(sorted(parseAllDocuments(text).map(document => document.toJS())), sorted(manifests), name)
  }
})

t.test('whatever one names is there', async t => {
  for (const { name, manifests } of overlays) {
    const services = manifests.filter(({ kind }) => kind === 'Service')
    for (const { metadata, spec } of services) {
      const [chosen, ...more] = pods(manifests).filter(({ spec: { template } }) => selects(spec.selector, template.metadata.labels))
      t.equal(more.length, 0)
      const ports = podOf(chosen!).containers[0].ports.map(({ name }: { name: string }) => name)
      for (const { targetPort } of spec.ports) t.ok(ports.includes(targetPort), `${name}: Service ${metadata.name}`)
    }
    for (const { metadata, spec } of manifests.filter(({ kind }) => kind === 'NetworkPolicy' || kind === 'PodDisruptionBudget')) {
      const labels = (spec.podSelector ?? spec.selector).matchLabels ?? {}
      t.ok(pods(manifests).some(({ spec: { template } }) => selects(labels, template.metadata.labels)), `${name}: ${metadata.name}`)
    }
    for (const { spec } of manifests.filter(({ spec }) => spec?.scaleTargetRef)) t.ok(found(manifests, spec.scaleTargetRef.kind ?? 'Deployment', spec.scaleTargetRef.name))
    for (const { backend } of found(manifests, 'Ingress', 'api').spec.rules.flatMap(({ http }: any) => http.paths)) {
      t.ok(services.find(({ metadata }) => metadata.name === backend.service.name)!.spec.ports.some(({ name }: any) => name === backend.service.port.name))
    }
    for (const manifest of pods(manifests)) {
      const pod = podOf(manifest)
      for (const container of pod.containers) {
        for (const { configMapRef } of container.envFrom ?? []) t.ok(found(manifests, 'ConfigMap', configMapRef.name))
        t.same(container.volumeMounts.map((mount: any) => mount.name).filter((volume: string) => ![...pod.volumes ?? [], ...manifest.spec.volumeClaimTemplates?.map((claim: any) => claim.metadata) ?? []].some(({ name }) => name === volume)), [])
      }
    }
  }
})

t.test('pods run with no more rights than they need, and are probed and stopped as the service wants it', async t => {
  for (const { name, manifests } of overlays) {
    const { data } = found(manifests, 'ConfigMap', 'bellhop')
    for (const manifest of pods(manifests)) {
      const pod = podOf(manifest)
      t.match(pod, { automountServiceAccountToken: false, securityContext: { runAsNonRoot: true, runAsUser: Number, seccompProfile: { type: 'RuntimeDefault' } } }, `${name}: ${manifest.metadata.name}`)
      for (const { securityContext, resources } of pod.containers) {
        t.match(securityContext, { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } })
        t.match(resources, { requests: { cpu: String, memory: String }, limits: { memory: String } })
      }
    }
    for (const role of ['api', 'worker']) {
      const pod = podOf(found(manifests, 'Deployment', role))
      const [container] = pod.containers
      for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe']) {
        const { path } = container[probe].httpGet
        t.ok(operations.some(operation => operation.method === 'GET' && operation.path === path), `${role}: ${path}`)
      }
      t.equal(String(container.ports[0].containerPort), data[role === 'api' ? 'PORT' : 'WORKER_PORT'])
      t.match(container.image, /^[a-z0-9./-]+\/bellhop:\d+\.\d+\.\d+$/)
    }
    const { periodSeconds, failureThreshold } = podOf(found(manifests, 'Deployment', 'worker')).containers[0].livenessProbe
    t.ok(periodSeconds * (failureThreshold - 1) > loadConfig({}).maxBlockedSeconds, 'a handler that computes is not stopped')
    const grace = Number(data.SHUTDOWN_GRACE_SECONDS)
    t.ok(podOf(found(manifests, 'Deployment', 'worker')).terminationGracePeriodSeconds > grace + 10)
    const api = podOf(found(manifests, 'Deployment', 'api'))
    const [, pause] = api.containers[0].lifecycle.preStop.exec.command
    t.ok(api.terminationGracePeriodSeconds > Number(pause) + 15)
  }
})

t.test('a Redis that is full refuses jobs before it is killed for its memory, and can be started again', async t => {
  const [redis] = podOf(found(overlays.find(({ name }) => name === 'trial')!.manifests, 'StatefulSet', 'redis')).containers
  const [, limit] = /^(\d+)Gi$/.exec(redis.resources.limits.memory)!
  const [, most] = /--maxmemory (\d+)mb /.exec(redis.command.join(' '))!
  t.ok(Number(most) <= Number(limit) * 1024 / 2, 'while its file is rewritten what changes is there twice')
})

t.test('nobody is let to the services of the cloud that hand out rights of the node', async t => {
  for (const { name, manifests } of overlays) {
    const blocks = manifests.filter(({ kind }) => kind === 'NetworkPolicy').flatMap(({ spec }) => [...spec.egress ?? []]).flatMap(({ to }: any) => to ?? []).filter(({ ipBlock }: any) => ipBlock)
    t.ok(blocks.length >= 2, name)
    for (const { ipBlock } of blocks) t.same(ipBlock.except, ['169.254.0.0/16', '168.63.129.16/32'], name)
  }
})

t.test('the settings are good ones, and secrets come as files', async t => {
  const folder = t.testdir({ 'redis-password': 'p', 'api-keys': '' })
  for (const { name, manifests } of overlays) {
    const { data } = found(manifests, 'ConfigMap', 'bellhop')
    const env = Object.fromEntries(Object.entries(data as Record<string, string>).map(([name, value]) => [name, value.replace('/run/secrets/bellhop', folder)]))
    try {
      t.match(loadConfig(env), { host: '0.0.0.0', authenticates: true, redis: { host: data.REDIS_HOST, password: 'p' }, logFormat: 'json' }, name)
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      t.fail(`${name}: ${error.message}`)
    }
    for (const manifest of manifests) t.notMatch(manifest.kind, /^Secret$/, 'none is written down')
    for (const role of ['api', 'worker']) {
      const pod = podOf(found(manifests, 'Deployment', role))
      t.match(pod.containers[0].volumeMounts, [{ name: 'secrets', mountPath: '/run/secrets/bellhop' }])
      t.match(pod.volumes, [{ name: 'secrets', secret: { secretName: 'bellhop' } }])
    }
  }
  t.match(found(overlays.find(({ name }) => name === 'managed')!.manifests, 'ConfigMap', 'bellhop').data, { REDIS_TLS: 'true' })
})

t.test('KEDA looks at the lists of jobs that wait, with the password, where Redis is', async t => {
  const keys = new Keys()
  const base = keys.base(DEFAULT_QUEUE)
  // what is in them when: scaling.test.ts
  const lists = [base, `${base}:high`, `${base}:low`, ...['h', 'n', 'l'].map(priority => `${base}:turns:${priority}`), `${base}:asleep`, keys.active(DEFAULT_QUEUE), keys.base(DELIVERIES)]
  for (const { name, manifests } of overlays) {
    const { data } = found(manifests, 'ConfigMap', 'bellhop')
    const { spec } = found(manifests, 'ScaledObject', 'worker')
    t.match(spec, { minReplicaCount: 0, maxReplicaCount: Number })
    t.same(spec.triggers.map(({ metadata }: any) => metadata.listName), lists, name)
    for (const { type, metadata, authenticationRef } of spec.triggers) {
      t.equal(type, 'redis')
      t.equal(metadata.host, data.REDIS_HOST.includes('.') ? data.REDIS_HOST : `${data.REDIS_HOST}.bellhop`, 'KEDA is in another namespace')
      t.equal(metadata.port, data.REDIS_PORT)
      t.equal(metadata.enableTLS, data.REDIS_TLS)
      t.match(found(manifests, 'TriggerAuthentication', authenticationRef.name).spec.secretTargetRef, [{ parameter: 'password', name: 'bellhop', key: 'redis-password' }])
    }
  }
})
