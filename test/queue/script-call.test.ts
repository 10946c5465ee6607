import t from 'tap'
import { ScriptCall } from '../../src/queue/script-call.ts'

const LIBRARY = { name: '', source: '', scriptOf: () => '', functionOf: (script: string) => script }

t.test('goes over the wire with the size of each argument in bytes', async t => {
  const wire = (values: (string | number)[]) => new ScriptCall(LIBRARY, 'abc', ['jobs'], values).toWritable().toString()
  const start = '$5\r\nFCALL\r\n$3\r\nabc\r\n$1\r\n1\r\n$4\r\njobs\r\n'
  t.equal(wire([]), `*4\r\n${start}`)
  t.equal(wire(['', 12, 'a\r\nb']), `*7\r\n${start}$0\r\n\r\n$2\r\n12\r\n$4\r\na\r\nb\r\n`)
  t.equal(wire(['é', 'a', '€😀']), `*7\r\n${start}$2\r\né\r\n$1\r\na\r\n$7\r\n€😀\r\n`)
  t.equal(wire(['x'.repeat(5000)]), `*5\r\n${start}$5000\r\n${'x'.repeat(5000)}\r\n`)
  t.equal(wire(['\ud800']), `*5\r\n${start}$3\r\n\ufffd\r\n`, 'half a character, as Node writes it')
})
