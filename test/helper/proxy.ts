import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** Between a process and Redis. While it swallows, connections stay open and nothing comes through: a half-open connection. */
export interface Proxy {
  url: string
  swallow: (on: boolean) => void
}

export async function startProxy (t: { teardown: (fn: () => Promise<void>) => void }, socketPath: string): Promise<Proxy> {
  const sockets = new Set<Socket>()
  let swallowing = false
  const server = createServer(client => {
    const redis = connect(socketPath)
    // Those that were open when it began to swallow stay dead, as after a firewall has forgotten them; new ones work.
    let dead = false
    for (const [from, to] of [[client, redis], [redis, client]] as const) {
      sockets.add(from)
      from.on('data', data => {
        dead ||= swallowing
        if (!dead) to.write(data)
      })
      from.on('close', () => {
        sockets.delete(from)
        to.destroy()
      })
      from.on('error', () => {})
    }
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.teardown(async () => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    swallow: on => { swallowing = on }
  }
}
