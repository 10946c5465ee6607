import { stopwatch, watchSocket } from './contenders/work.ts'

/** Notes how long each job took from its submit to here, by the clock that all processes of this machine share. */
export default async function (app) {
  const watch = stopwatch(watchSocket(app.redis).receivedAt)
  process.on('message', message => {
    if (message?.ask === 'latencies') process.send({ answer: 'latencies', value: watch.take() })
  })
  app.handle('*', job => watch.note(job.input))
}
