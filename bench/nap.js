// For the limits' utilisation: a job that takes its time, without using any.
import { setTimeout } from 'node:timers/promises'

export default async function handlers (app) {
  app.handle('nap', async () => { await setTimeout(Number(process.env.NAP_MS)) })
}
