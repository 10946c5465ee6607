import { buildApi } from './api.ts'
import { enter } from './entry.ts'

await enter({
  name: 'API',
  build: buildApi,
  listen: (app, { host, port }) => app.listen({ host, port }),
  closeWithinMs: () => 15_000
})
