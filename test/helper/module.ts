import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const isCompiled = import.meta.url.endsWith('.js')
const COMPILED = fileURLToPath(new URL('../..', import.meta.url))

/** What Node needs to run our TypeScript in a process that a test starts. The processes of compiled tests are compiled as well. */
export const execArgv = isCompiled ? [] : ['--import=tsx']

/** Where one of our modules is for a process that a test starts. @param path of its source, from the root */
export function moduleFile (path: string): string {
  return isCompiled && path.endsWith('.ts') ? resolve(COMPILED, path.replace(/ts$/, 'js')) : resolve(path)
}

/** The command that runs one of our modules. @param path of its source, from the root */
export function command (path: string, ...args: string[]): [program: string, ...string[]] {
  return [process.execPath, ...execArgv, moduleFile(path), ...args]
}
