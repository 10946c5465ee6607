import fc from 'fast-check'
import t from 'tap'
import { Parameters, ScriptCall } from '../../src/queue/script-call.ts'

const wire = (values: (string | number)[]) => Buffer.from(new ScriptCall('abc', ['fcall', 'abc_1'], new Parameters(['jobs'], values)).toWritable())

t.test('goes over the wire with the size of each argument in bytes', async t => {
  const start = '$5\r\nfcall\r\n$5\r\nabc_1\r\n$1\r\n1\r\n$4\r\njobs\r\n'
  t.equal(wire([]).toString(), `*4\r\n${start}`)
  t.equal(wire(['', 12, 'a\r\nb']).toString(), `*7\r\n${start}$0\r\n\r\n$2\r\n12\r\n$4\r\na\r\nb\r\n`)
  t.equal(wire(['é', 'a', '€😀']).toString(), `*7\r\n${start}$2\r\né\r\n$1\r\na\r\n$7\r\n€😀\r\n`)
  t.equal(wire(['x'.repeat(5000)]).toString(), `*5\r\n${start}$5000\r\n${'x'.repeat(5000)}\r\n`)
  t.equal(wire(['\ud800']).toString(), `*5\r\n${start}$3\r\n\ufffd\r\n`, 'half a character, as Node writes it')
})

t.test('the text of a script can be called as its function is', async t => {
  const call = new ScriptCall('abc', ['eval', '-- é'], new Parameters([], ['a']))
  t.equal(call.toWritable().toString(), '*4\r\n$4\r\neval\r\n$5\r\n-- é\r\n$1\r\n0\r\n$1\r\na\r\n')
})

t.test('however many arguments, of whatever characters', async t => {
  const word = fc.oneof(fc.string({ maxLength: 30 }), fc.string({ unit: 'binary', maxLength: 300 }), fc.constantFrom('x'.repeat(999), '€'.repeat(500)))
  fc.assert(fc.property(fc.array(word, { maxLength: 60 }), words => {
    const expected = ['fcall', 'abc_1', '1', 'jobs', ...words].map(word => `$${Buffer.byteLength(word)}\r\n${word}\r\n`)
    t.same(wire(words), Buffer.from(`*${4 + words.length}\r\n${expected.join('')}`))
  }))
})
