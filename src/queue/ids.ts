import { createHash, randomFillSync } from 'node:crypto'

// A job's id is a UUIDv7 (RFC 9562). Inside Redis it is the same 16 bytes in base64url: 22 characters instead of 36,
// because each id is stored several times a job.

// Ids are made, and read, as text: a Buffer for each would cost more than all else that is done with a new job.
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** The 10 bytes of an id after its time, and two that pad them to 16 characters of base64url. */
const STRIDE = 12
const POOL = Buffer.allocUnsafe(STRIDE * 256)
const TEXT_STRIDE = 16
/** A whole id in 18 bytes, of which the last two pad it. */
const BULK_STRIDE = 18
const BULK_TEXT_STRIDE = 24
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
    timeText = base64url24(Math.floor(now / 2 ** 24)) + base64url24(now % 2 ** 24)
  }
  const at = used
  used += TEXT_STRIDE
  return timeText + pool.slice(at, at + 14)
}

/**
 * As `newId`, so many at once: the time is in the text that they are cut from, and they need not be put together one by one. And the
 * same as UUIDs, when they are asked for, of which all are slices of one text, too.
 */
export function newIds (count: number): { ids: string[], uuids: () => string[] } {
  const bytes = Buffer.allocUnsafe(BULK_STRIDE * count)
  randomFillSync(bytes)
  const time = Buffer.allocUnsafe(6)
  time.writeUIntBE(Date.now(), 0, 6)
  for (let at = 0; at < bytes.length; at += BULK_STRIDE) {
    for (let nth = 0; nth < 6; nth++) bytes[at + nth] = time[nth]!
    mark(bytes, at + 6)
  }
  return { ids: slices(bytes.toString('base64url'), count, BULK_TEXT_STRIDE, ID_LENGTH), uuids: () => slices(hexOf(bytes, count), count, UUID_LENGTH, UUID_LENGTH) }
}

function slices (text: string, count: number, stride: number, length: number): string[] {
  const all: string[] = []
  for (let at = 0; all.length < count; at += stride) all.push(text.slice(at, at + length))
  return all
}

/** The id, in the form that Redis holds, of what happens at one moment for one reason: always the same. */
export function idOf (reason: string, moment: number): string {
  const bytes = createHash('sha256').update(`${reason}\0${moment}`).digest()
  bytes.writeUIntBE(moment, 0, 6)
  mark(bytes, 6)
  return bytes.toString('base64url', 0, 16)
}

function fill (): void {
  randomFillSync(POOL)
  for (let at = 0; at < POOL.length; at += STRIDE) mark(POOL, at)
  pool = POOL.toString('base64url')
  used = 0
}

/** Of 24 bits. That of a Buffer takes ten times as long where it is not asked for again and again. */
function base64url24 (bits: number): string {
  return ALPHABET[bits >> 18]! + ALPHABET[bits >> 12 & 63]! + ALPHABET[bits >> 6 & 63]! + ALPHABET[bits & 63]!
}

/** Makes 10 random bytes, and the one after them, those of an id. */
function mark (bytes: Buffer, at: number): void {
  bytes[at] = 0x70 | (bytes[at]! & 0x0f)
  bytes[at + 2] = 0x80 | (bytes[at + 2]! & 0x3f)
  // The last character of an id holds two bits; the other four are zero.
  bytes[at + 10] = 0
}

/** The 6 bits of a character, by its code. */
const BITS = Uint8Array.from({ length: 128 }, (_, code) => Math.max(0, ALPHABET.indexOf(String.fromCharCode(code))))
const DIGITS = Buffer.from('0123456789abcdef')
/** Where the nth hexadecimal digit stands in a UUID. The 33rd is the end of the last character's bits, and cut off. */
const PLACES = Uint8Array.from({ length: 33 }, (_, nth) => nth + [8, 12, 16, 20].filter(dash => nth >= dash).length)
const UUID_LENGTH = 36
const DASH = 0x2d
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
  return UUID.toString('latin1', 0, UUID_LENGTH)
}

/** As `toUuid`, of those of newIds, with nothing between them. */
function hexOf (bytes: Buffer, count: number): string {
  const digits = Buffer.allocUnsafe(UUID_LENGTH * count)
  let to = 0
  for (let at = 0; at < bytes.length; at += BULK_STRIDE) {
    for (let nth = 0; nth < 16; nth++) {
      if (nth === 4 || nth === 6 || nth === 8 || nth === 10) digits[to++] = DASH
      digits[to++] = DIGITS[bytes[at + nth]! >> 4]!
      digits[to++] = DIGITS[bytes[at + nth]! & 15]!
    }
  }
  return digits.toString('latin1')
}

/** The id as Redis holds it, of a UUID in any case. What is not a UUID gives an id that no job has. */
export function fromUuid (uuid: string): string {
  return Buffer.from(uuid.replaceAll('-', ''), 'hex').toString('base64url')
}
