import neostandard, { resolveIgnoresFromGitignore } from 'neostandard'

export default [
  ...neostandard({
    ts: true,
    ignores: [...resolveIgnoresFromGitignore(), 'src/contract/schemas.ts', 'src/contract/operations.ts', 'clients/typescript/src/contract.ts']
  }),
  {
    rules: {
      // The contract's fields are snake_case and keep their names wherever they go.
      camelcase: 'off'
    }
  }
]
