import { randomFillSync } from 'node:crypto'

// A job's id is a UUIDv7 (RFC 9562). Inside Redis it is the same 16 bytes in base64url: 22 characters instead of 36,
// because each id is stored several times a job.

// Ids are made, and read, as text: a Buffer for each would cost more than all else that is done with a new job.
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** The 10 bytes of an id after its time, and two that pad them to 16 characters of base64url. */
const STRIDE = 12
const POOL = Buffer.allocUnsafe(STRIDE * 256)
const TEXT_STRIDE = 16
let pool = ''
let used = 0
let lastMs = -1
let timeText = ''

/** Of an id in the form that Redis holds. */
export const ID_LENGTH = 22

/** A new id in the form that Redis holds, made of this host's clock and 74 random bits. No order is derived from it. */
export function newId (): string {
  if (used === pool.length) fill()
  const now = Date.now()
  if (now !== lastMs) {
    lastMs = now
    const bytes = Buffer.allocUnsafe(6)
    bytes.writeUIntBE(now, 0, 6)
    timeText = bytes.toString('base64url')
  }
  const at = used
  used += TEXT_STRIDE
  return timeText + pool.slice(at, at + 14)
}

function fill (): void {
  randomFillSync(POOL)
  for (let at = 0; at < POOL.length; at += STRIDE) {
    POOL[at] = 0x70 | (POOL[at]! & 0x0f)
    POOL[at + 2] = 0x80 | (POOL[at + 2]! & 0x3f)
    // The last character of an id holds two bits; the other four are zero.
    POOL[at + 10] = 0
  }
  pool = POOL.toString('base64url')
  used = 0
}

/** The 6 bits of a character, by its code. */
const BITS = Uint8Array.from({ length: 128 }, (_, code) => Math.max(0, ALPHABET.indexOf(String.fromCharCode(code))))
const DIGITS = Buffer.from('0123456789abcdef')
/** Where the nth hexadecimal digit stands in a UUID. The 33rd is the end of the last character's bits, and cut off. */
const PLACES = Uint8Array.from({ length: 33 }, (_, nth) => nth + [8, 12, 16, 20].filter(dash => nth >= dash).length)
const UUID = Buffer.alloc(37, '-')

/** `01890a5d-ac96-774b-bcce-b302099a8057` of an id as Redis holds it. */
export function toUuid (id: string): string {
  let nth = 0
  for (let i = 0; i < 22; i += 2) {
    const bits = BITS[id.charCodeAt(i)]! << 6 | BITS[id.charCodeAt(i + 1)]!
    UUID[PLACES[nth++]!] = DIGITS[bits >> 8]!
    UUID[PLACES[nth++]!] = DIGITS[bits >> 4 & 15]!
    UUID[PLACES[nth++]!] = DIGITS[bits & 15]!
  }
  return UUID.toString('latin1', 0, 36)
}

/** The id as Redis holds it, of a UUID in any case. What is not a UUID gives an id that no job has. */
export function fromUuid (uuid: string): string {
  return Buffer.from(uuid.replaceAll('-', ''), 'hex').toString('base64url')
}
