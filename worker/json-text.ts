/** The most that a result may be, in bytes of JSON. */
export const MAX_RESULT = 1024 * 1024

/** What a handler returns as JSON text, which becomes the result byte for byte. It must be valid. */
export class JsonText {
  readonly text: string

  constructor (text: string) {
    this.text = text
  }
}
