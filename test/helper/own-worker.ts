import { command } from './module.ts'

/** The command of Bellhop's own worker, with these handlers, for the conformance kit. */
export function ownWorker (handlers: string, env: Record<string, string> = {}): string[] {
  const settings = { HANDLERS: handlers, LOG_LEVEL: 'warn', ...env }
  return ['env', ...Object.entries(settings).map(([name, value]) => `${name}=${value}`), ...command('worker/main.ts')]
}
