import type { Contender, Connect } from './contenders/contender.ts'

// One contender in a process of its own: does what the parent asks, one thing after the other, and times it.
const [module = '', socket = ''] = process.argv.slice(2)
const { default: connect } = await import(new URL(`contenders/${module}`, import.meta.url).href) as { default: Connect }
const contender = await connect(socket)

process.on('message', async ({ call, args }: { call?: keyof Contender, args: unknown[] }) => {
  if (!call) return
  const before = process.cpuUsage()
  const start = performance.now()
  try {
    const value = await (contender[call] as (...args: unknown[]) => Promise<unknown>)(...args)
    const { user, system } = process.cpuUsage(before)
    process.send!({ answer: call, ms: performance.now() - start, cpu_us: user + system, value })
  } catch (error) {
    process.send!({ answer: call, error: (error as Error).stack })
  }
})
process.send!({ ready: true })
