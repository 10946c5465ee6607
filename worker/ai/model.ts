import type { OpenAI } from 'openai'
import type { ChatCompletionCreateParamsStreaming, ChatCompletionMessageParam } from 'openai/resources/chat/completions'
import type { AiSettings } from '../../src/ai-settings.ts'
import { DoNotRetryError, TimedOutError } from '../errors.ts'
import { failureOf } from './failure.ts'

/** Far more than any model says: who says more is none. */
const MAX_CHARS = 1024 * 1024

export interface Message { role: 'system' | 'user' | 'assistant', content: string }

/** What a model is asked. */
export interface Question {
  messages: Message[]
  max_tokens?: number
  /** 0 to 2 */
  temperature?: number
  /** The answer is to be JSON that fits this JSON Schema. */
  schema?: object
}

export interface Usage { input_tokens: number, output_tokens: number, total_tokens: number }

/** What it said. */
export interface Reply {
  text: string
  /** as the provider names it */
  model: string
  /** `length`: it was cut at its most tokens; empty: it has not come to its end */
  finish_reason: string
  /** null when the provider does not say */
  usage: Usage | null
}

export interface AskOptions {
  signal: AbortSignal
  /** Told of what has been said so far, and of how much of the answer that may be, 0 to 1. */
  onText: (text: string, share: number) => void
}

/** A language model behind an API that is OpenAI's, or like it. The queue is what tries again, not this. */
export class Model {
  readonly #settings: AiSettings
  readonly #client: OpenAI

  constructor (settings: AiSettings, client: OpenAI) {
    this.#settings = settings
    this.#client = client
  }

  /** Loads what speaks with the provider, which takes its time: only where there is one. */
  static async create (settings: AiSettings): Promise<Model> {
    const { OpenAI, AzureOpenAI } = await import('openai')
    const { provider, baseUrl, apiKey, azureDeployment, azureApiVersion, timeoutSeconds } = settings
    // What is given here is not looked for in the environment.
    const common = { maxRetries: 0, timeout: timeoutSeconds * 1000, organization: null, project: null, logLevel: 'off' } as const
    if (provider === 'azure') return new Model(settings, new AzureOpenAI({ ...common, endpoint: baseUrl, baseURL: '', apiKey, deployment: azureDeployment, apiVersion: azureApiVersion }))
    const headers = apiKey === undefined ? { authorization: null } : {}
    return new Model(settings, new OpenAI({ ...common, baseURL: baseUrl ?? 'https://api.openai.com/v1', apiKey: apiKey ?? 'none', defaultHeaders: headers }))
  }

  /** Rejects with what is to become of the job. */
  async ask (question: Question, { signal, onText }: AskOptions): Promise<Reply> {
    const { timeoutSeconds } = this.#settings
    const timeout = AbortSignal.timeout(timeoutSeconds * 1000)
    const either = AbortSignal.any([signal, timeout])
    let reply: Reply
    try {
      reply = await this.#read(this.#params(question), either, onText)
      // A stream that is given up ends as if it were complete.
      either.throwIfAborted()
    } catch (error) {
      if (signal.aborted) throw signal.reason
      if (timeout.aborted) throw new TimedOutError(`the model did not answer within ${timeoutSeconds} s`)
      throw failureOf(error, this.#settings.apiKey)
    }
    if (reply.finish_reason === '') throw new Error('the answer of the model broke off')
    return reply
  }

  #params ({ messages, max_tokens = this.#settings.maxTokens, temperature, schema }: Question): ChatCompletionCreateParamsStreaming {
    const { provider, model } = this.#settings
    return {
      model,
      messages: messages as ChatCompletionMessageParam[],
      stream: true,
      stream_options: { include_usage: true },
      // Newer models know only this one, servers that imitate them often only the other.
      ...(provider === 'compatible' ? { max_tokens } : { max_completion_tokens: max_tokens }),
      ...(temperature !== undefined && { temperature }),
      ...(schema && { response_format: { type: 'json_schema', json_schema: { name: 'answer', schema: schema as Record<string, unknown> } } })
    }
  }

  async #read (params: ChatCompletionCreateParamsStreaming, signal: AbortSignal, onText: AskOptions['onText']): Promise<Reply> {
    const most = params.max_tokens ?? params.max_completion_tokens!
    let [text, refusal, model, finish_reason] = ['', '', params.model, '']
    let usage: Usage | null = null
    for await (const chunk of await this.#client.chat.completions.create(params, { signal })) {
      model = chunk.model || model
      if (chunk.usage) usage = { input_tokens: chunk.usage.prompt_tokens, output_tokens: chunk.usage.completion_tokens, total_tokens: chunk.usage.total_tokens }
      const [choice] = chunk.choices ?? []
      if (!choice) continue
      text += choice.delta?.content ?? ''
      refusal += choice.delta?.refusal ?? ''
      finish_reason = choice.finish_reason ?? finish_reason
      if (text.length + refusal.length > MAX_CHARS) throw new DoNotRetryError(`The model's answer is larger than ${MAX_CHARS} characters.`)
      // A token is about four characters.
      if (choice.delta?.content) onText(text, Math.min(1, text.length / 4 / most))
    }
    if (finish_reason === 'content_filter') throw new DoNotRetryError('The provider\'s content filter has stopped the answer.')
    if (refusal !== '') throw new DoNotRetryError(`The model refuses: ${refusal.slice(0, 500)}`)
    return { text, model, finish_reason, usage }
  }
}
