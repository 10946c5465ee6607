type Fields = Record<string, unknown>

/**
 * A JSON merge patch (RFC 7396): fields of `patch` go into `target`, objects member by member, and `null` takes one out. Objects of
 * which nothing is left go too.
 * @param whole names of fields whose members are replaced as they are, and not patched in their turn
 */
export function mergePatch (target: Fields, patch: Fields, whole: readonly string[] = [], isWhole = false): Fields {
  const merged = { ...target }
  for (const [name, value] of Object.entries(patch)) {
    const patched = isObject(value) && !isWhole ? mergePatch(isObject(merged[name]) ? merged[name] : {}, value, whole, whole.includes(name)) : value
    if (patched === null || (patched !== value && Object.keys(patched as object).length === 0)) delete merged[name]
    else merged[name] = patched
  }
  return merged
}

function isObject (value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
