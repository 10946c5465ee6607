import closeWithGrace from 'close-with-grace'
import type { FastifyInstance } from 'fastify'
import { loadConfigOrExit } from './config.ts'
import type { Config } from './config.ts'

export interface Entry {
  /** In messages: `API` or `worker` */
  name: string
  build (config: Config): Promise<FastifyInstance>
  /** Returns the address. */
  listen (app: FastifyInstance, config: Config): Promise<string>
  /** It closes when this resolves, as on SIGTERM. */
  until? (app: FastifyInstance): Promise<void>
  /** How long closing may take, in ms. */
  closeWithinMs (config: Config): number
  /** Told before closing when it is an error that nobody caught. */
  onCrash? (app: FastifyInstance): void
}

/**
 * Runs one of the container's entries as a process: settings, start, signals. SIGTERM or SIGINT closes it and exits with 0, a
 * second one exits at once; what cannot start, or crashes, exits with 1.
 */
export async function enter ({ name, build, listen, until, closeWithinMs, onCrash }: Entry): Promise<void> {
  const config = loadConfigOrExit()
  try {
    const app = await build(config)
    const grace = closeWithGrace({ delay: closeWithinMs(config), logger: app.log }, async ({ err, signal }) => {
      if (err) {
        app.log.fatal({ err }, 'An error that nobody caught: stopping')
        onCrash?.(app)
      } else {
        app.log.info(`${signal ?? 'The end of the parent process, or an operator'}: stopping`)
      }
      await app.close()
    })
    // Started by `npm start`: do not outlive it.
    process.once('disconnect', () => grace.close())
    until?.(app).then(() => grace.close())
    const address = await listen(app, config)
    process.send?.({ ready: true, address })
  } catch (error) {
    process.stderr.write(`The ${name} cannot start: ${(error as Error).message}\n`)
    process.exit(1)
  }
}
