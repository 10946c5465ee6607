import t from 'tap'
import { loadConfig } from '../../src/config.ts'
import { LeaseKeeper } from '../../worker/keeper/keeper.ts'

// What it does is in test/faults/blocked.test.ts.

t.test('it starts with whatever says where Redis is', async t => {
  for (const env of [{}, { REDIS_URL: 'rediss://u:p@redis.example.com/3' }, { REDIS_SENTINELS: '127.0.0.1:2', REDIS_TLS: 'true' }]) {
    const keeper = new LeaseKeeper({ config: loadConfig(env), log: { error: t.comment } } as never, [], { lease_ms: 30_000, max_blocked_ms: 300_000 })
    t.teardown(() => keeper.close())
    await t.resolves(keeper.start())
  }
})
