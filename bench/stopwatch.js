/** Notes how long each job took from its submit to here, by the clock that all processes of this machine share. */
export default async function stopwatch (app) {
  let noted = []
  process.on('message', message => {
    if (message?.ask !== 'latencies') return
    process.send({ answer: 'latencies', value: noted })
    noted = []
  })
  app.handle('*', job => { noted.push(Number(process.hrtime.bigint() - BigInt(job.input)) / 1000) })
}
