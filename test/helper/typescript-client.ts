import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'

const PACKAGE = resolve('clients/typescript')

/** A folder in which the TypeScript client is installed as its users have it: built, and reached by its `exports`. Gone at the end of `t`. */
export async function installClient (t: { teardown: (fn: () => Promise<void>) => void }): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'bellhop-client-'))
  t.teardown(async () => { await rm(dir, { recursive: true, force: true }) })
  const installed = join(dir, 'node_modules/@bellhop/client')
  await mkdir(installed, { recursive: true })
  await promisify(execFile)(resolve('node_modules/.bin/tsc'), ['-p', PACKAGE, '--outDir', join(installed, 'dist')])
  await cp(join(PACKAGE, 'package.json'), join(installed, 'package.json'))
  await symlink(resolve('node_modules/openapi-fetch'), join(dir, 'node_modules/openapi-fetch'))
  return dir
}
