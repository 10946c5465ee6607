// Where jobs are pushed to. It answers some late, some with 500 or 422, and some with 202: these it settles later.
import { createServer } from 'node:http'
import { setTimeout } from 'node:timers/promises'
import { begin, endOf } from './execution.mjs'

const STATUS = { completed: 200, failed: 500, refused: 422 }

const server = createServer(async (request, response) => {
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  const { data: job } = JSON.parse(Buffer.concat(chunks).toString())
  const { input } = job
  begin(job, 'push')
  const end = endOf(input, job.attempt)
  const token = request.headers['bellhop-lease-token']
  if (input.later && token) response.writeHead(202).end()
  await setTimeout(input.ms)
  if (input.later && token) await settle(job, token, end)
  else response.writeHead(STATUS[end], { 'content-type': 'application/json' }).end(JSON.stringify({ n: input.n }))
})

/** Says it until it is heard; 409 is that somebody else has the job by now. */
async function settle ({ id, input }, lease_token, end) {
  const [action, said] = end === 'completed' ? ['complete', { result: { n: input.n } }] : ['fail', { error: { message: end }, retry: end !== 'refused' }]
  for (let heard = false; !heard;) {
    try {
      const { status } = await fetch(`${process.env.BELLHOP_URL}/jobs/${id}/${action}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ lease_token, ...said }), signal: AbortSignal.timeout(5000) })
      heard = status === 200 || status === 409
    } catch {}
    if (!heard) await setTimeout(100)
  }
}

server.listen(Number(process.env.PORT), '127.0.0.1', () => process.send({ address: `http://127.0.0.1:${server.address().port}` }))
