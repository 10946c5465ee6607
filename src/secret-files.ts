import { readFileSync } from 'node:fs'

/** What is said of a bad `…_FILE`. */
export const SECRET_FILE = 'a file that can be read and is not empty'

export interface Secrets<Name extends string> {
  /** The secrets that came from files, without the newline at the end. */
  values: Partial<Record<Name, string>>
  /** A line for each that cannot be taken. */
  problems: string[]
}

/**
 * Reads the secrets that `env` names a file for, as orchestrators mount them: for each of `names`, `<name>_FILE`. Of a
 * secret and its file only one may be given.
 */
export function readSecretFiles<Name extends string> (names: readonly Name[], env: NodeJS.ProcessEnv): Secrets<Name> {
  const read: Secrets<Name> = { values: {}, problems: [] }
  for (const name of names) {
    const path = env[`${name}_FILE`]
    if (!path?.trim()) continue
    const shown = `${name}_FILE is ${JSON.stringify(path)}`
    const value = textOf(path)
    if (env[name]?.trim()) read.problems.push(`${shown}, but ${name} is set too; allowed: one of the two`)
    else if (!value) read.problems.push(`${shown}; allowed: ${SECRET_FILE}`)
    else read.values[name] = value
  }
  return read
}

function textOf (path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return undefined
  }
}
