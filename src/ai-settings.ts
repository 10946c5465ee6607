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

/** What each provider cannot do without. */
const NEEDED = {
  openai: ['AI_API_KEY', 'AI_MODEL'],
  azure: ['AI_BASE_URL', 'AI_API_KEY', 'AI_AZURE_DEPLOYMENT', 'AI_AZURE_API_VERSION'],
  compatible: ['AI_BASE_URL', 'AI_MODEL']
} as const

/** What is missing, a line each; nothing when there is no provider. */
export function aiProblems (given: Given): string[] {
  if (given.AI_PROVIDER === 'none') return []
  return NEEDED[given.AI_PROVIDER].filter(name => !given[name]).map(name => `${name} is not set; AI_PROVIDER is "${given.AI_PROVIDER}", which needs it`)
}

/** Undefined when there is no provider. */
export function aiSettings (given: Given): AiSettings | undefined {
  if (given.AI_PROVIDER === 'none') return undefined
  return Object.freeze({
    provider: given.AI_PROVIDER,
    baseUrl: given.AI_BASE_URL,
    apiKey: given.AI_API_KEY,
    model: given.AI_MODEL ?? given.AI_AZURE_DEPLOYMENT!,
    azureDeployment: given.AI_AZURE_DEPLOYMENT ?? '',
    azureApiVersion: given.AI_AZURE_API_VERSION ?? '',
    maxTokens: given.AI_MAX_TOKENS,
    timeoutSeconds: given.AI_TIMEOUT_SECONDS
  })
}
