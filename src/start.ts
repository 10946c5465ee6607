import { fileURLToPath } from 'node:url'
import { loadConfigOrExit } from './config.ts'
import { supervise } from './supervisor.ts'

// Everything in one terminal. Run from the sources or compiled, the siblings end like this file.
const sibling = (name: string) => fileURLToPath(import.meta.url.replace(/src\/start(\.\w+)$/, `${name}$1`))

process.exitCode = await supervise({
  api: sibling('src/server'),
  worker: sibling('worker/main'),
  config: loadConfigOrExit(),
  print: (line) => process.stderr.write(line + '\n') // standard output is the logs'
})
