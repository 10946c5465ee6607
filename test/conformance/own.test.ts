import { ownWorker } from '../helper/own-worker.ts'
import { passes } from './example.ts'

await passes(ownWorker('examples/workers/handlers.js'), 'redis')
