import luaparse from 'luaparse'
import t from 'tap'
import { assemble } from '../../src/queue/library.ts'

// What Redis puts there for functions: https://redis.io/docs/latest/develop/programmability/lua-api/
const GIVEN = new Set(['redis', 'cjson', 'math', 'string', 'table', 'ipairs', 'pairs', 'next', 'tonumber', 'type', 'unpack'])

t.test('no file uses a name that it does not declare and that nothing before it exports', async t => {
  const { source } = assemble()
  const { globals } = luaparse.parse(source.replace(/^#!/, '--'), { luaVersion: '5.1', scope: true, locations: true }) as unknown as { globals: { name: string }[] }
  t.ok(globals.length > 3)
  t.same(globals.filter(({ name }) => !GIVEN.has(name)), [])
})
