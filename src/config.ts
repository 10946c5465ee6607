import { readFileSync } from 'node:fs'
import envSchema from 'env-schema'
import type { RedisOptions } from 'ioredis'
import { aiProblems, aiSettings, BASE_URL } from './ai-settings.ts'
import type { AiSettings } from './ai-settings.ts'
import type { Cidr } from './egress/address.ts'
import { QUEUE_NAME, RESERVED } from './queue/keys.ts'
import { Type, type Static, type TSchema } from '@sinclair/typebox'
import { isHostName, isLoopback, isOrigin, isSafeUrl, networksOf } from './addresses.ts'
import type { JwtSettings } from './auth/jwt.ts'
import { keyProblem } from './auth/keys.ts'
import { canRedact } from './log.ts'
import { parseRedisUrl, parseSentinels, sentinelOptions } from './redis-options.ts'
import { readSecretFiles, SECRET_FILE } from './secret-files.ts'

const SECRET = 'whsec_[A-Za-z0-9+/]{32,88}={0,2}'
/** Without its anchors. */
const NAME = QUEUE_NAME.source.slice(1, -1)

/** A whole number from `minimum` to `maximum`. */
function int (def: number, minimum: number, maximum: number, description: string) {
  return Type.Integer({ default: def, minimum, maximum, description })
}

function flag (def: boolean, description: string) {
  return Type.Boolean({ default: def, description })
}

function text (description: string, options = {}) {
  return Type.Optional(Type.String({ ...options, description }))
}

function oneOf<const T extends string> (def: T, values: T[], description: string) {
  return Type.Unsafe<T>({ type: 'string', enum: values, default: def, description })
}

// Every setting, once. `allowed` says in words what a pattern cannot; `secret` keeps the value out of messages.
const schema = Type.Object({
  HOST: Type.String({ default: '127.0.0.1', description: 'Address the API and the worker\'s own port listen on. Others than loopback need keys, or `ALLOW_ANONYMOUS`.' }),
  PUBLISH: text('Where a container\'s host publishes the API: what reaches it. Counts then in place of `HOST` for whether keys are needed. Compose sets it.', { pattern: '^\\s*([^\\s:]+:|\\[[0-9A-Fa-f:]+\\]:)?\\d{1,5}\\s*$', allowed: '[address:]port, such as 127.0.0.1:3000' }),
  PORT: int(3000, 0, 65_535, 'Port of the API; 0 takes a free one.'),
  LOG_LEVEL: oneOf('info', ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], 'Least severe level that is logged.'),
  LOG_FORMAT: oneOf('auto', ['auto', 'json', 'pretty'], '`json` is one object a line, `pretty` is for people; `auto` is pretty in a terminal.'),
  LOG_REDACT: Type.String({ default: '', allowed: 'paths like input, *.email or customer.name, separated by commas', description: 'What is left out of the log besides secrets, such as parts of payloads that handlers log, or `error`, what failures say: paths of fields, as pino has them.' }),
  METRICS_QUEUES: int(100, 1, 1000, 'Queues, the first by name, that have metrics of their own; those of the others are together, as the queue `_other`.'),
  METRICS_TASKS: int(50, 1, 1000, 'Tasks, the first that it runs, that have metrics of their own in a worker; the others are together, as the task `_other`.'),

  API_KEYS: text('Keys of clients, as `npm run key` prints them. With any keys, here or in a file, or JWTs, nobody is served without.', { secret: true, allowed: 'entries <id>:<hash>:<scopes>[:<queues>], separated by commas' }),
  API_KEYS_FILE: text('File with more keys, one a line; read again when it changes.', { allowed: 'a file that can be read' }),
  ALLOW_ANONYMOUS: flag(false, 'Without keys, listen on other addresses than loopback all the same: whoever reaches them may do everything.'),
  METRICS_AUTH: flag(true, 'With keys, `/metrics` needs one too, with the scope `read`.'),
  JWT_ISSUER: text('Identity provider whose JWTs are taken beside keys: their `iss`. Needs the next two.'),
  JWT_AUDIENCE: text('Audience that these JWTs must be for: their `aud`.'),
  JWT_JWKS_URL: text('Where the provider\'s public keys are.', { allowed: 'an https:// address; http:// only on loopback' }),
  JWT_SCOPES_CLAIM: Type.String({ default: 'scope', description: 'Claim with the scopes: a text with spaces, or a list.' }),
  JWT_QUEUES_CLAIM: Type.String({ default: 'queues', description: 'Claim with the queues that the token is bound to, likewise; a token without it is for all queues.' }),
  RATE_LIMIT_MAX: int(0, 0, 1_000_000_000, 'Requests of one key, or of one address without a key, in a window; 0 is no limit.'),
  RATE_LIMIT_WINDOW_SECONDS: int(60, 1, 86_400, 'Length of that window.'),
  CORS_ORIGINS: Type.String({ default: '', description: 'Sites whose pages may ask from a browser, separated by commas; `*` is all, empty is none.', allowed: 'origins like https://example.com, separated by commas, or *' }),
  ALLOWED_HOSTS: Type.String({ default: '', description: 'Names, beside `localhost` and `HOST`, as which it is asked (the `Host` of a request) without keys, separated by commas; `*` is any. With keys any is good.', allowed: 'host names without a port, separated by commas, or *' }),
  TRUST_PROXY: Type.String({ default: '', description: 'Proxies in front whose `X-Forwarded-For` says who asks, separated by commas.', allowed: 'addresses and networks like 10.0.0.0/8, separated by commas' }),
  MAX_EVENT_LOOP_DELAY_MS: int(1000, 0, 60_000, 'The API answers 503 while its event loop is later than this on average over 5 s; 0 is never.'),
  MAX_HEAP_PERCENT: int(95, 0, 100, 'The API answers 503 while it uses more of the heap that Node.js allows it; 0 is never.'),

  REDIS_HOST: Type.String({ default: '127.0.0.1', description: 'Host of Redis. With none of the `REDIS_` settings but the prefix, `npm start` runs its own Redis.' }),
  REDIS_PORT: int(6379, 1, 65_535, 'Port of Redis.'),
  REDIS_URL: Type.Optional(Type.String({ secret: true, allowed: 'redis://[user:password@]host[:port][/db], the same with rediss:// for TLS, or unix:///path/to/socket', description: 'Redis as one URL, instead of `REDIS_HOST` and `REDIS_PORT`: `redis://`, `rediss://` or `unix://`.' })),
  REDIS_USERNAME: Type.Optional(Type.String({ description: 'User name, where the URL names none.' })),
  REDIS_PASSWORD: Type.Optional(Type.String({ secret: true, description: 'Password, where the URL names none.' })),
  REDIS_TLS: flag(false, 'Speak TLS with Redis, as with a `rediss://` URL.'),
  REDIS_TLS_CA_FILE: text('Certificates (PEM) of who may have signed that of Redis; default: those that Node.js trusts.', { allowed: 'a file that can be read' }),
  REDIS_TLS_CERT_FILE: text('Our own certificate (PEM), where Redis asks for one.', { allowed: 'a file that can be read' }),
  REDIS_TLS_KEY_FILE: text('Its private key (PEM).', { allowed: 'a file that can be read' }),
  REDIS_SENTINELS: text('Sentinels that say which Redis is the master, instead of `REDIS_HOST` and `REDIS_PORT` or `REDIS_URL`. One is enough to find the others.', { allowed: 'host[:port], separated by commas; the port is 26379 if none is given' }),
  REDIS_SENTINEL_NAME: Type.String({ default: 'mymaster', description: 'Name by which the Sentinels know the master and its replicas.' }),
  REDIS_SENTINEL_USERNAME: text('User name for the Sentinels themselves.'),
  REDIS_SENTINEL_PASSWORD: text('Password for the Sentinels themselves; `REDIS_PASSWORD` is that of Redis.', { secret: true }),
  REDIS_DB: int(0, 0, 1_000_000, 'Number of the database, where the URL names none.'),
  REDIS_KEY_PREFIX: Type.String({ default: '', pattern: '^[A-Za-z0-9:._-]{0,64}$', allowed: 'up to 64 of the characters A-Z a-z 0-9 : . _ -', description: 'Put before every key, so that several installations can share one Redis.' }),

  WORKER_CONCURRENCY: int(10, 1, 1000, 'Jobs that one worker runs at the same time.'),
  WORKER_QUEUES: Type.String({ default: 'default', pattern: `^\\s*${NAME}(\\s*,\\s*${NAME})*\\s*$`, allowed: `names like ${NAME}, separated by commas`, description: 'Queues that a worker takes jobs from, separated by commas.' }),
  WORKER_PORT: int(3001, 0, 65_535, 'Port of the worker\'s `/health` and `/metrics`; when taken, a free one is used and logged.'),
  WORKER_THREADS: int(0, 0, 1000, 'Threads of one worker for handlers that run in one; 0 is as many as there are processors.'),
  THREAD_MEMORY_MB: int(512, 16, 1_048_576, 'Memory for the objects of one such handler, in MiB: one that needs more fails.'),
  LEASE_SECONDS: int(30, 1, 3600, 'How long a worker holds a job without a heartbeat before the job is run again.'),
  MAX_BLOCKED_SECONDS: int(300, 0, 86_400, 'How long the leases of a worker are renewed while a handler keeps its main thread from that; 0 is not at all.'),
  MAX_LOST: int(3, 1, 100, 'Leases a job may lose (its worker died) before it is dead-lettered.'),
  SHUTDOWN_GRACE_SECONDS: int(30, 0, 3600, 'How long a stopping worker lets running jobs finish before it hands them back.'),
  HANDLERS: Type.String({ default: '', description: 'Modules or folders with job handlers, separated by commas; empty is the bundled placeholder, which takes every task.' }),
  PLACEHOLDER_MS: int(2000, 0, 3_600_000, 'How long the placeholder handler works on a job.'),

  WEBHOOK_CONCURRENCY: int(10, 0, 1000, 'Deliveries of callbacks and webhooks that one worker makes at the same time, beside its jobs; with 0 it makes none.'),
  WEBHOOK_DISABLE_SECONDS: int(259_200, 1, 31_536_000, 'How long a webhook may do nothing but fail, ten times at least, before it is disabled.'),
  CALLBACK_SECRET: Type.Optional(Type.String({ secret: true, pattern: `^\\s*${SECRET}(\\s*,\\s*${SECRET})?\\s*$`, allowed: 'whsec_ and 24 to 64 bytes in base64; two during a rotation, separated by a comma', description: 'Signs the callbacks of jobs, and the jobs of the type `http`; unset, they have no signature.' })),
  ALLOWED_PRIVATE_NETWORKS: Type.String({ default: '', allowed: 'addresses and networks like 10.0.0.0/8 or fd00::/8, separated by commas', description: 'Networks, or single addresses, that callbacks, webhooks and jobs of the type `http` may go to although they are not public.' }),

  HTTP_HOST_CONCURRENCY: int(5, 1, 1000, 'Jobs of the type `http` that one worker has under way at one host.'),

  AI_PROVIDER: oneOf('none', ['none', 'openai', 'azure', 'compatible'], 'Who does the jobs of the type `ai`: OpenAI, Azure OpenAI, or a server that speaks like OpenAI\'s; with `none` a stub, which asks no model.'),
  AI_BASE_URL: text('Address of the `compatible` server, such as `http://localhost:11434/v1`, or of the Azure resource, `https://<name>.openai.azure.com`.', { allowed: BASE_URL }),
  AI_API_KEY: text('The provider\'s API key; a `compatible` server may need none.', { secret: true, pattern: '^\\s*[!-~]+\\s*$', allowed: 'characters of ASCII that show, without spaces' }),
  AI_MODEL: text('The model that is asked; on Azure only a name for it, the deployment\'s by default.'),
  AI_AZURE_DEPLOYMENT: text('Azure: name of the deployment.'),
  AI_AZURE_API_VERSION: text('Azure: version of the API, such as `2024-10-21`.'),
  AI_MAX_TOKENS: int(4096, 1, 1_000_000, 'Most tokens of one answer; a job may ask for fewer.'),
  AI_TIMEOUT_SECONDS: int(120, 1, 3600, 'How long one answer may take, to its end.'),

  COMPLETED_RETENTION_SECONDS: int(86_400, 1, 31_536_000, 'How long completed jobs are kept.'),
  COMPLETED_MAX: int(100_000, 1, 10_000_000, 'Most completed jobs kept in one queue.'),
  DLQ_RETENTION_SECONDS: int(1_209_600, 1, 31_536_000, 'How long dead-lettered jobs are kept.'),
  DLQ_MAX: int(100_000, 1, 10_000_000, 'Most dead-lettered jobs kept in one queue.'),
  IDEMPOTENCY_SECONDS: int(86_400, 1, 31_536_000, 'How long an `Idempotency-Key` is remembered.'),
  SWEEP_INTERVAL_MS: int(1000, 50, 60_000, 'How often due jobs are promoted, lost leases recovered and old jobs trimmed.'),

  DATA_DIR: Type.String({ default: './data', description: 'Folder of the Redis that `npm start` runs itself.' })
}, { additionalProperties: false })

type Settings = Static<typeof schema>
type Name = keyof Settings

const NAMES = Object.keys(schema.properties) as Name[]
/** Those that a file can hold: `<name>_FILE`. `API_KEYS_FILE` is a setting of its own, as it is read again when it changes. */
const SECRETS = NAMES.filter(name => schema.properties[name].secret && !NAMES.includes(`${name}_FILE` as Name))
/** Any of these says that there is a Redis to be used, and that none is to be started. */
const REDIS_GIVEN: Name[] = ['REDIS_HOST', 'REDIS_PORT', 'REDIS_URL', 'REDIS_SENTINELS', 'REDIS_USERNAME', 'REDIS_PASSWORD', 'REDIS_TLS', 'REDIS_DB']

export interface Config {
  readonly host: string
  /** Clients need a key or a JWT. */
  readonly authenticates: boolean
  /** Entries; see src/auth/keys.ts. */
  readonly apiKeys: readonly string[]
  readonly apiKeysFile: string | undefined
  readonly metricsAuth: boolean
  readonly metricsQueues: number
  readonly metricsTasks: number
  readonly jwt: JwtSettings | undefined
  /** 0 for no limit. */
  readonly rateLimitMax: number
  readonly rateLimitWindowSeconds: number
  readonly corsOrigins: readonly string[]
  readonly allowedHosts: readonly string[]
  readonly trustProxy: readonly string[]
  readonly maxEventLoopDelayMs: number
  readonly maxHeapPercent: number
  readonly port: number
  readonly logLevel: Settings['LOG_LEVEL']
  /** Never `auto`: that is settled by whether standard output is a terminal. */
  readonly logFormat: 'json' | 'pretty'
  /** Paths, as pino has them. */
  readonly logRedact: readonly string[]
  /** Connection options for ioredis: `{ path }`, or `{ host, port }` or `{ sentinels, name }` and perhaps `tls`; with `db` and credentials. */
  readonly redis: Readonly<RedisOptions>
  /** True when a `REDIS_` setting (other than the prefix) names a Redis to be used. */
  readonly redisGiven: boolean
  readonly redisKeyPrefix: string
  readonly workerConcurrency: number
  readonly workerQueues: readonly string[]
  readonly workerPort: number
  /** 0: as many as there are processors. */
  readonly workerThreads: number
  readonly threadMemoryMb: number
  readonly leaseSeconds: number
  readonly maxBlockedSeconds: number
  readonly maxLost: number
  readonly shutdownGraceSeconds: number
  /** Empty for the bundled placeholder. */
  readonly handlers: readonly string[]
  readonly placeholderMs: number
  readonly webhookConcurrency: number
  readonly webhookDisableSeconds: number
  readonly callbackSecrets: readonly string[]
  readonly allowedPrivateNetworks: readonly Cidr[]
  readonly httpHostConcurrency: number
  /** Undefined without a provider. */
  readonly ai: AiSettings | undefined
  readonly completedRetentionSeconds: number
  readonly completedMax: number
  readonly dlqRetentionSeconds: number
  readonly dlqMax: number
  readonly idempotencySeconds: number
  readonly sweepIntervalMs: number
  readonly dataDir: string
}

/** `message` has one line for each bad setting: its name, its value (unless secret) and what is allowed. */
export class ConfigError extends Error {
  override name = 'ConfigError'
}

/** What the README's table of settings is made of, in its order. `default` is '' where there is none. */
export const settings = NAMES.flatMap((name) => [
  {
    name: name as string,
    default: String(schema.properties[name].default ?? ''),
    allowed: allowed(schema.properties[name]),
    meaning: String(schema.properties[name].description)
  },
  ...(SECRETS.includes(name) ? [{ name: `${name}_FILE`, default: '', allowed: SECRET_FILE, meaning: `File to read \`${name}\` from instead.` }] : [])
])

/**
 * Reads the settings from `env`; a value without a character that shows counts as unset.
 * Throws a ConfigError that names every bad setting, not only the first.
 */
export function loadConfig (env: NodeJS.ProcessEnv = process.env): Config {
  const { values: secrets, problems } = readSecretFiles(SECRETS, env)
  const given: Partial<Record<Name, string>> = { ...Object.fromEntries(NAMES.filter((name) => env[name]?.trim()).map((name) => [name, env[name]])), ...secrets }
  const bad = (name: Name) => problems.push(`${name} is ${shown(name, given[name])}; allowed: ${allowed(schema.properties[name])}`)

  let read: Settings | undefined
  try {
    read = envSchema<Settings>({ schema, data: given, env: false, ajv: { customOptions: (ajv) => ajv.addVocabulary(['allowed', 'secret']) } })
  } catch (err) {
    // Ajv reports a bad value once for each keyword that it breaks: say it once
    const { errors } = err as { errors?: Array<{ instancePath: string }> }
    if (!errors) throw err
    new Set(errors.map(({ instancePath }) => instancePath.slice(1) as Name)).forEach(bad)
  }

  const url = given.REDIS_URL === undefined ? undefined : parseRedisUrl(given.REDIS_URL)
  if (url === null) bad('REDIS_URL')
  for (const name of ['REDIS_HOST', 'REDIS_PORT'] as const) {
    if (given.REDIS_URL && given[name]) problems.push(`${name} is ${shown(name, given[name])}, but REDIS_URL is set too; allowed: one of the two`)
  }
  const sentinels = given.REDIS_SENTINELS === undefined ? undefined : parseSentinels(list(given.REDIS_SENTINELS))
  if (sentinels === null) bad('REDIS_SENTINELS')
  for (const name of ['REDIS_HOST', 'REDIS_PORT', 'REDIS_URL'] as const) {
    if (given.REDIS_SENTINELS && given[name]) problems.push(`${name} is ${shown(name, given[name])}, but REDIS_SENTINELS is set too; allowed: one of the two`)
  }
  for (const name of ['REDIS_SENTINEL_NAME', 'REDIS_SENTINEL_USERNAME', 'REDIS_SENTINEL_PASSWORD'] as const) {
    if (given[name] && !given.REDIS_SENTINELS) problems.push(`${name} is set, but REDIS_SENTINELS is not; set both or none`)
  }
  if (list(given.WORKER_QUEUES ?? '').some(queue => queue.startsWith(RESERVED))) problems.push(`WORKER_QUEUES is ${shown('WORKER_QUEUES', given.WORKER_QUEUES)}; allowed: no names that begin with ${RESERVED}, WEBHOOK_CONCURRENCY says how many deliveries a worker makes`)
  const networks = networksOf(list(given.ALLOWED_PRIVATE_NETWORKS ?? ''))
  if (!networks) bad('ALLOWED_PRIVATE_NETWORKS')
  const keyFault = keyProblem(list(given.API_KEYS ?? ''))
  if (keyFault !== undefined) problems.push(`API_KEYS: ${keyFault}`)
  if (given.JWT_JWKS_URL && !isSafeUrl(given.JWT_JWKS_URL)) bad('JWT_JWKS_URL')
  if (read) problems.push(...aiProblems(read))
  if (!canRedact(list(given.LOG_REDACT ?? ''))) bad('LOG_REDACT')
  if (!list(given.CORS_ORIGINS ?? '').every(isOrigin)) bad('CORS_ORIGINS')
  if (!list(given.ALLOWED_HOSTS ?? '').every(isHostName)) bad('ALLOWED_HOSTS')
  if (!networksOf(list(given.TRUST_PROXY ?? ''))) bad('TRUST_PROXY')
  const ofJwt = (['JWT_ISSUER', 'JWT_AUDIENCE', 'JWT_JWKS_URL'] as const).filter(name => !given[name])
  if (ofJwt.length === 1 || ofJwt.length === 2) problems.push(`${ofJwt.join(' and ')}: must be set too, to take JWTs`)
  const authenticates = Boolean(given.API_KEYS || given.API_KEYS_FILE) || ofJwt.length === 0
  // A port without an address is published on all that the host has.
  const reached = given.PUBLISH === undefined ? read?.HOST : given.PUBLISH.trim().replace(/:?\d*$/, '').replace(/^\[|\]$/g, '')
  if (read && !authenticates && !read.ALLOW_ANONYMOUS && !isLoopback(reached!)) {
    const name = given.PUBLISH === undefined ? 'HOST' : 'PUBLISH'
    problems.push(`${name} is ${JSON.stringify(read[name])}, where others can reach it, and there are no keys: set API_KEYS or API_KEYS_FILE (npm run key makes one) or JWT_ISSUER, ${name === 'HOST' ? 'listen' : 'publish it'} on 127.0.0.1, or set ALLOW_ANONYMOUS=true to let everybody do everything`)
  }

  const file = (name: 'REDIS_TLS_CA_FILE' | 'REDIS_TLS_CERT_FILE' | 'REDIS_TLS_KEY_FILE'): string | undefined => {
    try {
      return given[name] === undefined ? undefined : readFileSync(given[name], 'utf8')
    } catch {
      bad(name)
    }
  }
  const [ca, cert, key] = [file('REDIS_TLS_CA_FILE'), file('REDIS_TLS_CERT_FILE'), file('REDIS_TLS_KEY_FILE')]
  const usesTls = read?.REDIS_TLS || url?.tls !== undefined
  if (usesTls && url?.path) problems.push('REDIS_TLS is true, but REDIS_URL is a socket; allowed: one of the two')
  for (const name of ['REDIS_TLS_CA_FILE', 'REDIS_TLS_CERT_FILE', 'REDIS_TLS_KEY_FILE'] as const) {
    if (given[name] && !usesTls) problems.push(`${name} is set, but TLS is off; set REDIS_TLS=true or a rediss:// URL`)
  }
  if (problems.length > 0 || read === undefined) throw new ConfigError(problems.join('\n'))

  const tls = usesTls ? { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) } : undefined
  const redis: RedisOptions = {
    ...(read.REDIS_USERNAME && { username: read.REDIS_USERNAME }),
    ...(read.REDIS_PASSWORD && { password: read.REDIS_PASSWORD }),
    db: read.REDIS_DB,
    ...(sentinels
      ? sentinelOptions({ sentinels, name: read.REDIS_SENTINEL_NAME, username: read.REDIS_SENTINEL_USERNAME, password: read.REDIS_SENTINEL_PASSWORD, tls })
      : url ?? { host: read.REDIS_HOST, port: read.REDIS_PORT }),
    ...(tls && { tls })
  }
  const config: Config = {
    host: read.HOST,
    authenticates,
    apiKeys: list(read.API_KEYS ?? ''),
    apiKeysFile: read.API_KEYS_FILE,
    metricsAuth: read.METRICS_AUTH,
    jwt: ofJwt.length > 0
      ? undefined
      : Object.freeze({ issuer: read.JWT_ISSUER!, audience: read.JWT_AUDIENCE!, jwksUrl: read.JWT_JWKS_URL!, scopesClaim: read.JWT_SCOPES_CLAIM, queuesClaim: read.JWT_QUEUES_CLAIM }),
    rateLimitMax: read.RATE_LIMIT_MAX,
    rateLimitWindowSeconds: read.RATE_LIMIT_WINDOW_SECONDS,
    corsOrigins: list(read.CORS_ORIGINS),
    allowedHosts: list(read.ALLOWED_HOSTS),
    trustProxy: list(read.TRUST_PROXY),
    maxEventLoopDelayMs: read.MAX_EVENT_LOOP_DELAY_MS,
    maxHeapPercent: read.MAX_HEAP_PERCENT,
    port: read.PORT,
    metricsQueues: read.METRICS_QUEUES,
    metricsTasks: read.METRICS_TASKS,
    logLevel: read.LOG_LEVEL,
    logFormat: read.LOG_FORMAT === 'auto' ? (process.stdout.isTTY ? 'pretty' : 'json') : read.LOG_FORMAT,
    logRedact: list(read.LOG_REDACT),
    redis: Object.freeze(redis),
    redisGiven: REDIS_GIVEN.some((name) => given[name] !== undefined),
    redisKeyPrefix: read.REDIS_KEY_PREFIX,
    workerConcurrency: read.WORKER_CONCURRENCY,
    workerQueues: list(read.WORKER_QUEUES),
    workerPort: read.WORKER_PORT,
    workerThreads: read.WORKER_THREADS,
    threadMemoryMb: read.THREAD_MEMORY_MB,
    leaseSeconds: read.LEASE_SECONDS,
    maxBlockedSeconds: read.MAX_BLOCKED_SECONDS,
    maxLost: read.MAX_LOST,
    shutdownGraceSeconds: read.SHUTDOWN_GRACE_SECONDS,
    handlers: list(read.HANDLERS),
    placeholderMs: read.PLACEHOLDER_MS,
    webhookConcurrency: read.WEBHOOK_CONCURRENCY,
    webhookDisableSeconds: read.WEBHOOK_DISABLE_SECONDS,
    callbackSecrets: list(read.CALLBACK_SECRET ?? ''),
    allowedPrivateNetworks: networks ?? [],
    httpHostConcurrency: read.HTTP_HOST_CONCURRENCY,
    ai: aiSettings(read),
    completedRetentionSeconds: read.COMPLETED_RETENTION_SECONDS,
    completedMax: read.COMPLETED_MAX,
    dlqRetentionSeconds: read.DLQ_RETENTION_SECONDS,
    dlqMax: read.DLQ_MAX,
    idempotencySeconds: read.IDEMPOTENCY_SECONDS,
    sweepIntervalMs: read.SWEEP_INTERVAL_MS,
    dataDir: read.DATA_DIR
  }
  return Object.freeze(config)
}

/** For the entry points: bad settings are printed to standard error, a line each, and end the process with code 1. */
export function loadConfigOrExit (env?: NodeJS.ProcessEnv): Config {
  try {
    return loadConfig(env)
  } catch (err) {
    if (!(err instanceof ConfigError)) throw err
    process.stderr.write(err.message + '\n')
    process.exit(1)
  }
}

function allowed (property: TSchema): string {
  if (property.allowed) return property.allowed
  if (property.enum) return property.enum.join(', ')
  if (property.type === 'boolean') return 'true or false'
  if (property.type === 'integer') return `a whole number from ${property.minimum} to ${property.maximum}`
  return 'any text'
}

function shown (name: Name, value = ''): string {
  if (!schema.properties[name].secret) return JSON.stringify(value)
  // of a URL, what stands before :// is no secret, and mostly what is wrong
  return JSON.stringify(value.replace(/^([a-z]{1,10}:\/\/)?.*$/is, '$1***'))
}

function list (value: string): readonly string[] {
  return Object.freeze([...new Set(value.split(',').map((item) => item.trim()).filter(Boolean))])
}
