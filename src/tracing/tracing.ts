import type { FastifyPluginCallback, FastifyRequest } from 'fastify'
import type { Failure, JobRecord, JobSpec } from '../queue/job.ts'
import type { TraceContext } from './trace-context.ts'

// What is traced, in our words. OpenTelemetry is behind it, and its SDK is not even loaded when nobody has configured it.

/** The span of a submit. */
export interface Sending {
  /** what the jobs continue */
  context: TraceContext
  kept (ids: string[]): void
  failed (error: unknown): void
}

/** The span of an attempt. */
export interface Processing {
  context: TraceContext
  /** Runs a handler within it: what that does is part of the trace. */
  run<T> (work: () => T): T
  /** The handler has ended; what came of it is known later. */
  ended (): void
  /** @param outcome what became of the attempt */
  end (outcome: string, failure?: Failure): void
}

export interface Tracing {
  /** Traces the requests of a Fastify; register it before the routes. */
  requests: FastifyPluginCallback
  send (request: FastifyRequest, specs: JobSpec[]): Sending
  process (id: string, record: JobRecord, attempt: number): Processing
  /** Exports what there is. */
  close (): Promise<void>
}

/** Whether the standard variables say where traces go. */
export function isConfigured ({ OTEL_SDK_DISABLED, OTEL_TRACES_EXPORTER, OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT }: NodeJS.ProcessEnv): boolean {
  if (OTEL_SDK_DISABLED?.trim().toLowerCase() === 'true' || OTEL_TRACES_EXPORTER?.trim() === 'none') return false
  return [OTEL_TRACES_EXPORTER, OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT].some(value => value?.trim())
}

/**
 * Begins to trace this process, once, if that is configured.
 * @param service its name, unless the variables have one
 */
export async function startTracing (service: string): Promise<Tracing | undefined> {
  if (!isConfigured(process.env)) return undefined
  const { openTelemetry } = await import('./open-telemetry.ts')
  return openTelemetry(service)
}
