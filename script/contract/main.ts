// npm run contract:changes -- [commit]     what of openapi.yaml may break those who use the one of that commit; default: origin/main
// Ends with 1 if there is any. A change that is meant to break needs a new major version in `info.version`: then it only lists.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { breakingChanges } from './changes.ts'

const commit = process.argv[2] ?? 'origin/main'
const before = parse(execFileSync('git', ['show', `${commit}:openapi.yaml`], { encoding: 'utf8', maxBuffer: 1 << 26 }))
const after = parse(readFileSync('openapi.yaml', 'utf8'))
const changes = breakingChanges(before, after)
for (const change of changes) console.log(change)

const major = ({ info }: { info: { version: string } }) => Number.parseInt(info.version)
const isMeant = major(after) > major(before)
console.log(`${changes.length} changes since ${commit} may break a client${changes.length > 0 && isMeant ? ', in a new major version' : ''}`)
process.exitCode = changes.length > 0 && !isMeant ? 1 : 0
