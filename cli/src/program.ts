import { Command, Option } from 'commander'
import packageJson from '../package.json' with { type: 'json' }
import { Api } from './api.ts'
import { addDeadLetters } from './commands/dead-letters.ts'
import { addJobs } from './commands/jobs.ts'
import { addQueues } from './commands/queues.ts'
import { addSchedules } from './commands/schedules.ts'
import { addStreams } from './commands/streams.ts'
import { addSubmit } from './commands/submit.ts'
import { addWorkers } from './commands/workers.ts'
import { address, apiKeyOf, positive } from './options.ts'
import { Output } from './output.ts'

/** All commands; `signal` is aborted when the user wants to leave. */
export function buildProgram (signal: AbortSignal): Command {
  const program = new Command('bellhop')
    .description('Submits jobs to Bellhop, follows them, and looks after its queues.')
    .version(packageJson.version)
    .addOption(new Option('--url <url>', 'where the API is').env('BELLHOP_URL').default('http://localhost:3000').argParser(address))
    .addOption(new Option('--api-key <key>', 'an API key or a JWT; better in the environment, where others do not see it').env('BELLHOP_API_KEY'))
    .addOption(new Option('--json', 'what is answered as JSON, for scripts; a stream as one document a line'))
    .addOption(new Option('--timeout <seconds>', 'how long an answer may take').default(30).argParser(positive))
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('--help says what there is.')
    .exitOverride()
  const session = () => {
    const { url, apiKey, json, timeout } = program.opts()
    const key = apiKeyOf(apiKey)
    return { api: new Api({ url, timeoutSeconds: timeout, signal, ...(key !== undefined && { apiKey: key }) }), output: new Output(json === true) }
  }
  for (const add of [addSubmit, addJobs, addStreams, addQueues, addDeadLetters, addSchedules, addWorkers]) add(program, session)
  return program
}
