import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { EXAMPLES, needs, passes } from './example.ts'

needs('go')
const program = join(t.testdir(), 'worker')
await promisify(execFile)('go', ['build', '-o', program, '.'], { cwd: join(EXAMPLES, 'go') })
await passes([program])
