/** How a language model is asked; see docs/job-types.md. */
export interface AiSettings {
  /** `compatible` is any server that speaks as OpenAI's does. */
  readonly provider: 'openai' | 'azure' | 'compatible'
  /** Of `azure` the address of the resource; undefined: OpenAI's own. */
  readonly baseUrl: string | undefined
  readonly apiKey: string | undefined
  readonly model: string
  readonly azureDeployment: string
  readonly azureApiVersion: string
  /** of one answer, at most, and where a job does not say */
  readonly maxTokens: number
  /** for one answer, to its end */
  readonly timeoutSeconds: number
}

interface Given {
  AI_PROVIDER: 'none' | AiSettings['provider']
  AI_BASE_URL?: string
  AI_API_KEY?: string
  AI_MODEL?: string
  AI_AZURE_DEPLOYMENT?: string
  AI_AZURE_API_VERSION?: string
  AI_MAX_TOKENS: number
  AI_TIMEOUT_SECONDS: number
}

/** What `AI_BASE_URL` may be. */
export const BASE_URL = 'an https:// or http:// address without ? and #'

const OF_PROVIDERS = ['AI_BASE_URL', 'AI_API_KEY', 'AI_MODEL', 'AI_AZURE_DEPLOYMENT', 'AI_AZURE_API_VERSION'] as const

/** What each provider cannot do without. */
const NEEDED = {
  openai: ['AI_API_KEY', 'AI_MODEL'],
  azure: ['AI_BASE_URL', 'AI_API_KEY', 'AI_AZURE_DEPLOYMENT', 'AI_AZURE_API_VERSION'],
  compatible: ['AI_BASE_URL', 'AI_MODEL']
} as const

/** What is missing or cannot be used, a line each. @param isChosen whether somebody has said who the provider is, or that there is none */
export function aiProblems (given: Given, isChosen: boolean): string[] {
  const { AI_PROVIDER: provider } = given
  // Else a stub would answer for the provider that was meant.
  const idle = isChosen ? [] : OF_PROVIDERS.filter(name => given[name])
  if (idle.length > 0) return [`${idle.join(', ')}: set, but AI_PROVIDER is not; it may be none`, ...urlProblems(given.AI_BASE_URL)]
  const missing = provider === 'none' ? [] : NEEDED[provider].filter(name => !given[name])
  return [...missing.map(name => `${name} is not set; AI_PROVIDER is "${provider}", which needs it`), ...urlProblems(given.AI_BASE_URL)]
}

function urlProblems (text: string | undefined): string[] {
  if (text === undefined) return []
  // Not shown: it has a password, which no request can be made with.
  if (/^[^/?#]*\/\/[^/?#]*@/.test(text)) return ['AI_BASE_URL has a user name or a password; allowed: an address without, the key is AI_API_KEY']
  // The paths of the API come behind it.
  const isUsable = /^https?:\/\/[^/]/.test(text) && URL.canParse(text) && !/[?#]/.test(text)
  return isUsable ? [] : [`AI_BASE_URL is ${JSON.stringify(text)}; allowed: ${BASE_URL}`]
}

/** Undefined when there is no provider. */
export function aiSettings (given: Given): AiSettings | undefined {
  if (given.AI_PROVIDER === 'none') return undefined
  return Object.freeze({
    provider: given.AI_PROVIDER,
    baseUrl: given.AI_BASE_URL,
    apiKey: given.AI_API_KEY?.trim(),
    model: given.AI_MODEL ?? given.AI_AZURE_DEPLOYMENT!,
    azureDeployment: given.AI_AZURE_DEPLOYMENT ?? '',
    azureApiVersion: given.AI_AZURE_API_VERSION ?? '',
    maxTokens: given.AI_MAX_TOKENS,
    timeoutSeconds: given.AI_TIMEOUT_SECONDS
  })
}
