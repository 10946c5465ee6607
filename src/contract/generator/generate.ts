import openapiTS, { astToString } from 'openapi-typescript'
import { readContract } from './document.ts'
import { operationsFile } from './operations.ts'
import { schemasFile } from './schemas.ts'

/** The generated files by their path in the repository, from the text of the contract. Rejects with a ContractError. */
export async function generate (source: string): Promise<Record<string, string>> {
  const root = readContract(source)
  return {
    'src/contract/schemas.ts': schemasFile(root),
    'src/contract/operations.ts': operationsFile(root),
    'src/contract/openapi.json': JSON.stringify(root.value, null, 1) + '\n',
    'clients/typescript/src/contract.ts': await pathsFile(root.value)
  }
}

/** What a client may send and gets, for openapi-fetch. */
async function pathsFile (document: object): Promise<string> {
  // A field with a default may be left out of a request.
  const types = await openapiTS(structuredClone(document) as never, { defaultNonNullable: false, alphabetize: false })
  return `// Generated from openapi.yaml by npm run generate. Do not edit.\n\n${astToString(types)}`
}
