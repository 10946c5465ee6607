import { readFileSync } from 'node:fs'
import type { Ajv } from 'ajv'
import envSchema from 'env-schema'
import type { RedisOptions } from 'ioredis'
import { aiProblems, aiSettings } from './ai-settings.ts'
import type { AiSettings } from './ai-settings.ts'
import type { Cidr } from './egress/address.ts'
import { RESERVED } from './queue/keys.ts'
import { isHostName, isLoopback, isOrigin, isSafeUrl, networksOf } from './addresses.ts'
import type { JwtSettings } from './auth/jwt.ts'
import { keyProblem } from './auth/keys.ts'
import { canRedact } from './log.ts'
import { parseRedisUrl, parseSentinels, sentinelOptions } from './redis-options.ts'
import { readSecretFiles } from './secret-files.ts'
import { allowed, NAMES, schema, SECRETS, shown } from './settings.ts'
import type { Name, Settings } from './settings.ts'

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

/** One for all calls, as it keeps the schema compiled. */
let validator: Ajv | undefined

/**
 * Reads the settings from `env`; a value without a character that shows counts as unset.
 * Throws a ConfigError that names every bad setting, not only the first.
 */
export function loadConfig (env: NodeJS.ProcessEnv = process.env): Config {
  const { values: secrets, problems } = readSecretFiles(SECRETS, env)
  const given: Partial<Record<Name, string>> = { ...Object.fromEntries(NAMES.filter((name) => env[name]?.trim()).map((name) => [name, env[name]])), ...secrets }
  const bad = (name: Name) => problems.push(`${name} is ${shown(name, given[name])}; allowed: ${allowed(name)}`)

  let read: Settings | undefined
  try {
    read = envSchema<Settings>({ schema, data: given, env: false, ajv: { customOptions: (ajv) => (validator ??= ajv.addVocabulary(['allowed', 'secret'])) } })
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
  if (read) problems.push(...aiProblems(read, given.AI_PROVIDER !== undefined))
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

function list (value: string): readonly string[] {
  return Object.freeze([...new Set(value.split(',').map((item) => item.trim()).filter(Boolean))])
}
