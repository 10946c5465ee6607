import { parseArgs } from 'node:util'
import { KeyError, newKey } from './auth/keys.ts'

// npm run key -- --scopes submit,read [--queues a,b] [--id name]

const USAGE = `Makes an API key.
  --scopes submit,read   what it may do: submit, read, work, admin
  --queues mail,images   only in these queues; default: in all
  --id name              its name in the log and among the keys; default: a random one`

const list = (text: string | undefined) => text?.split(',').map(item => item.trim()).filter(item => item !== '')

try {
  const { values } = parseArgs({ options: { scopes: { type: 'string' }, queues: { type: 'string' }, id: { type: 'string' } } })
  const scopes = list(values.scopes)
  if (!scopes) throw new KeyError('--scopes is missing')
  const { token, entry } = newKey({ id: values.id, scopes, queues: list(values.queues) })
  process.stdout.write(`The key, for the client. It is shown only now:\n  ${token}\n\nIts entry, for API_KEYS or the file of API_KEYS_FILE:\n  ${entry}\n`)
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n\n${USAGE}\n`)
  process.exitCode = 1
}
