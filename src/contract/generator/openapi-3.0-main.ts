import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { parse, stringify } from 'yaml'
import { toOpenApi30 } from './openapi-3.0.ts'

// npm run build:openapi-3.0 -- [FILE], which runs it at the root

const [file = 'dist/openapi-3.0.yaml'] = process.argv.slice(2)
const contract = parse(await readFile('openapi.yaml', 'utf8'))
await mkdir(dirname(file), { recursive: true })
// The same object in several places must not become an alias, which few generators know.
await writeFile(file, stringify(toOpenApi30(contract), { aliasDuplicateObjects: false }))
