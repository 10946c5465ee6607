import { readFile, writeFile } from 'node:fs/promises'
import { generate } from './generate.ts'

const root = new URL('../../../', import.meta.url)

for (const [path, text] of Object.entries(await generate(await readFile(new URL('openapi.yaml', root), 'utf8')))) {
  await writeFile(new URL(path, root), text)
}
