import t from 'tap'
import { fromUuid, newId, newIds, toUuid } from '../../src/queue/ids.ts'

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

const WAYS: Record<string, () => string[]> = { 'one by one': () => [newId()], 'in bulk': () => newIds(100).ids }

for (const [way, make] of Object.entries(WAYS)) {
  t.test(`new ids, made ${way}, are UUIDs of version 7, with the time in front, and all different`, async t => {
    const seen = new Set<string>()
    while (seen.size < 10_000) {
      const from = Date.now()
      const ids = make()
      for (const id of ids) {
        const uuid = toUuid(id)
        const time = parseInt(uuid.slice(0, 8) + uuid.slice(9, 13), 16)
        if (!UUID_V7.test(uuid) || time < from || time > Date.now()) t.fail(uuid)
        if (Buffer.from(id, 'base64url').toString('base64url') !== id || id.length !== 22) t.fail(`${id} is not as base64url writes it`)
        if (seen.has(id)) return t.fail(`${id} came twice`)
        seen.add(id)
      }
    }
    // Each of the 74 random bits is now set, now not.
    const [all, any] = [...seen].map(id => BigInt(`0x${toUuid(id).replaceAll('-', '')}`)).reduce(([and, or], bits) => [and & bits, or | bits], [(1n << 128n) - 1n, 0n])
    t.equal(((any! & ~all!) & ((1n << 80n) - 1n)).toString(16), '0fff3fffffffffffffff'.replace(/^0/, ''))
  })
}

t.test('many ids are as UUIDs what each is', async t => {
  for (const count of [0, 1, 2, 3, 1000]) {
    const { ids, uuids } = newIds(count)
    t.equal(ids.length, count)
    t.same(uuids(), ids.map(toUuid))
  }
})

t.test('to a UUID and back', async t => {
  for (const hex of ['00000000000000000000000000000000', 'ffffffffffffffffffffffffffffffff', '0123456789abcdeffedcba9876543210', '01890a5dac96774bbcceb302099a8057']) {
    const uuid = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
    t.equal(toUuid(fromUuid(uuid)), uuid)
    t.equal(toUuid(fromUuid(uuid.toUpperCase())), uuid)
  }
})
