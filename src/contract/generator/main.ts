import { readFile, writeFile } from 'node:fs/promises'
import { generate } from './generate.ts'

const contract = new URL('../../../openapi.yaml', import.meta.url)

for (const [name, text] of Object.entries(await generate(await readFile(contract, 'utf8')))) {
  await writeFile(new URL(`../${name}`, import.meta.url), text)
}
