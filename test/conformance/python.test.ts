import { join } from 'node:path'
import { EXAMPLES, needs, passes } from './example.ts'

needs('python3')
await passes(['python3', join(EXAMPLES, 'worker.py')])
