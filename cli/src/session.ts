import type { Api } from './api.ts'
import type { Output } from './output.ts'

/** What a command works with. */
export interface Session {
  api: Api
  output: Output
}
