import { Type, type Static, type TSchema } from '@sinclair/typebox'
import { BASE_URL } from './ai-settings.ts'
import { QUEUE_NAME } from './queue/keys.ts'
import { SECRET_FILE } from './secret-files.ts'

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
export const schema = Type.Object({
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

/** As they are read, with their defaults. */
export type Settings = Static<typeof schema>
export type Name = keyof Settings

export const NAMES = Object.keys(schema.properties) as Name[]
/** Those that a file can hold: `<name>_FILE`. `API_KEYS_FILE` is a setting of its own, as it is read again when it changes. */
export const SECRETS = NAMES.filter(name => schema.properties[name].secret && !NAMES.includes(`${name}_FILE` as Name))

/** What the README's table of settings is made of, in its order. `default` is '' where there is none. */
export const settings = NAMES.flatMap((name) => [
  {
    name: name as string,
    default: String(schema.properties[name].default ?? ''),
    allowed: allowed(name),
    meaning: String(schema.properties[name].description)
  },
  ...(SECRETS.includes(name) ? [{ name: `${name}_FILE`, default: '', allowed: SECRET_FILE, meaning: `File to read \`${name}\` from instead.` }] : [])
])

/** What a setting may be, in words. */
export function allowed (name: Name): string {
  const property: TSchema = schema.properties[name]
  if (property.allowed) return property.allowed
  if (property.enum) return property.enum.join(', ')
  if (property.type === 'boolean') return 'true or false'
  if (property.type === 'integer') return `a whole number from ${property.minimum} to ${property.maximum}`
  return 'any text'
}

/** A value as messages may have it. */
export function shown (name: Name, value = ''): string {
  if (!schema.properties[name].secret) return JSON.stringify(value)
  // of a URL, what stands before :// is no secret, and mostly what is wrong
  return JSON.stringify(value.replace(/^([a-z]{1,10}:\/\/)?.*$/is, '$1***'))
}
