import { join } from 'node:path'
import { EXAMPLES, needs, passes } from './example.ts'

needs('bash', 'curl', 'jq')
await passes(['bash', join(EXAMPLES, 'worker.sh')])
