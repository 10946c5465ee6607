// Loaded into every process that is measured: answers what the parent asks of it.
process.on('message', message => {
  if (message?.ask !== 'usage') return
  const { user, system } = process.cpuUsage()
  process.send({ answer: 'usage', cpu_us: user + system, rss: process.memoryUsage.rss() })
})
