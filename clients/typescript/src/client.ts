import createFetchClient from 'openapi-fetch'
import type { Client as FetchClient } from 'openapi-fetch'
import type { paths } from './contract.ts'
import { patient } from './retry.ts'
import type { Fetch } from './retry.ts'

/** A method an HTTP method: `client.POST('/jobs', { body: { task: 'resize' } })`. It answers `{ data, error, response }`, all typed. */
export type Client = FetchClient<paths>

export interface ClientOptions {
  /** Where the API is, such as `https://jobs.example.com`. */
  url: string
  /** An API key, or a JWT. Absent: for a server without keys. */
  apiKey?: string
  /** How often a request is sent again that was answered 429, or 503 where that does no harm, each time after `Retry-After`. Default: 3. */
  retries?: number
  /** Instead of the global `fetch`. */
  fetch?: Fetch
}

/** A client of the API, its types generated from the contract. */
export function createClient ({ url, apiKey, retries = 3, fetch = request => globalThis.fetch(request) }: ClientOptions): Client {
  return createFetchClient<paths>({
    baseUrl: url.replace(/\/+$/, ''),
    headers: apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` },
    fetch: patient(fetch, retries)
  })
}
