import { CommanderError } from 'commander'
import { CommandError, EXIT } from './exit.ts'
import { printable } from './output.ts'
import { buildProgram } from './program.ts'

const leave = new AbortController()
// The first Ctrl-C ends what goes on in order, a second one at once.
process.once('SIGINT', () => leave.abort())
// Who reads the output has had enough, as `head`.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit()
  })
}
// The output may not all be written yet: the process ends by itself.
run().then(code => { process.exitCode = code })

async function run (): Promise<number> {
  try {
    await buildProgram(leave.signal).parseAsync()
    return EXIT.done
  } catch (error) {
    if (leave.signal.aborted) return EXIT.interrupted
    // It has said what is wrong.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage
    if (!(error instanceof CommandError)) throw error
    for (const [index, line] of error.message.split('\n').entries()) process.stderr.write(`${index === 0 ? 'error: ' : ''}${printable(line)}\n`)
    return error.exitCode
  }
}
