/** What a handler returns as JSON text, which becomes the result byte for byte. It must be valid. */
export class JsonText {
  readonly text: string

  constructor (text: string) {
    this.text = text
  }
}
