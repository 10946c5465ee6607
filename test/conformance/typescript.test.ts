import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { installClient } from '../helper/typescript-client.ts'
import { EXAMPLES, passes } from './example.ts'

const dir = await installClient(t)
await cp(join(EXAMPLES, 'typescript/worker.js'), join(dir, 'worker.mjs'))
await passes([process.execPath, join(dir, 'worker.mjs')])
