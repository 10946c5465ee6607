/** The first characters of an id, its time: those that are submitted together mostly share it. */
const PREFIX = 8

/** Ids in their short form as lua/lib/journal.lua keeps them, in their order. */
export function journalText (ids: string[]): string {
  let text = ''
  let prefix = '.'
  for (const id of ids) {
    if (!id.startsWith(prefix)) {
      prefix = id.slice(0, PREFIX)
      text += text === '' ? prefix : '.' + prefix
    }
    text += id.slice(PREFIX)
  }
  return text
}
