import { randomFillSync } from 'node:crypto'

// A job's id is a UUIDv7 (RFC 9562). Inside Redis it is the same 16 bytes in base64url: 22 characters instead of 36,
// because each id is stored several times a job.

const POOL = Buffer.allocUnsafe(16 * 256)
let used = POOL.length

/** A new id in the form that Redis holds, made of this host's clock and 74 random bits. No order is derived from it. */
export function newId (): string {
  if (used === POOL.length) {
    randomFillSync(POOL)
    used = 0
  }
  const at = used
  used += 16
  const now = Date.now()
  POOL.writeUInt32BE(Math.floor(now / 0x10000), at)
  POOL.writeUInt16BE(now % 0x10000, at + 4)
  POOL[at + 6] = 0x70 | (POOL[at + 6]! & 0x0f)
  POOL[at + 8] = 0x80 | (POOL[at + 8]! & 0x3f)
  return POOL.toString('base64url', at, at + 16)
}

/** `01890a5d-ac96-774b-bcce-b302099a8057` of an id as Redis holds it. */
export function toUuid (id: string): string {
  const hex = Buffer.from(id, 'base64url').toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** The id as Redis holds it, of a UUID in any case. What is not a UUID gives an id that no job has. */
export function fromUuid (uuid: string): string {
  return Buffer.from(uuid.replaceAll('-', ''), 'hex').toString('base64url')
}
