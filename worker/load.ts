import { existsSync } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { isAbsolute, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { FastifyInstance, FastifyPluginAsync } from 'fastify'

const MODULE = /(?<!\.d)\.(js|mjs|cjs|ts|mts)$/

/**
 * Registers the handler plugins that HANDLERS names: each a module, or a folder whose modules are taken in the order of
 * their names. A path is seen from the working directory; what is no path is a package. Throws when one cannot be loaded,
 * saying which.
 */
export async function loadHandlers (app: FastifyInstance, names: readonly string[]): Promise<void> {
  for (const name of names) {
    for (const module of await modulesOf(name)) await app.register(await plugin(module), {})
  }
}

async function modulesOf (name: string): Promise<string[]> {
  const path = resolve(name)
  if (!existsSync(path)) {
    if (isAbsolute(name) || name.startsWith('.')) throw new Error(`HANDLERS names '${name}', but there is no such file or folder`)
    return [name]
  }
  if (!(await stat(path)).isDirectory()) return [pathToFileURL(path).href]
  const files = (await readdir(path)).filter(file => MODULE.test(file)).sort()
  if (files.length === 0) throw new Error(`HANDLERS names the folder '${name}', but there is no module in it (.js, .mjs, .cjs, .ts, .mts)`)
  return files.map(file => pathToFileURL(join(path, file)).href)
}

async function plugin (module: string): Promise<FastifyPluginAsync> {
  let loaded: { default?: unknown }
  try {
    loaded = await import(module)
  } catch (error) {
    throw new Error(`HANDLERS: '${module}' cannot be loaded: ${(error as Error).message}`, { cause: error })
  }
  const register = loaded.default
  if (typeof register !== 'function') throw new Error(`HANDLERS: '${module}' has no default export that is a Fastify plugin (a function)`)
  return register as FastifyPluginAsync
}
