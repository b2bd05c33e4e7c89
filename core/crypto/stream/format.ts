/**
 * The layout of a sealed object, and its keys.
 *
 *     header   'FFS1' · version (1 byte) · log2 of the chunk size (1) · length of the key id (1) · key id · salt (32)
 *     chunks   each of exactly `chunkSize` plain bytes but the last, as AES-256-GCM ciphertext and its 16-byte tag
 *
 * The last chunk is empty only in an empty object, so every plain size has one sealed size. The chunks are the STREAM
 * construction of Hoang, Reyhanitabar, Rogaway and Vizár ("Online Authenticated-Encryption and its Nonce-Reuse
 * Misuse-Resistance", CRYPTO 2015), with random access as analysed by Hoang and Shen ("Security of Streaming
 * Encryption in Google's Tink Library", CCS 2020): nonce = prefix (7 bytes) · chunk number (32 bits, big-endian) ·
 * 1 for the last chunk, else 0.
 *
 * Key and prefix are made for this object alone: HKDF-SHA-256 (RFC 5869) of the thing's key with the header's salt. The
 * whole header and the caller's context go into the HKDF info, so a changed header or a chunk, or a whole object, put in
 * another's place is read under another key and refused.
 */
import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'
import { AppError } from '#core/errors/errors.ts'
import { say } from '#core/i18n/say.ts'

export const TAG_BYTES = 16
export const KEY_BYTES = 32
const MAGIC = Buffer.from('FFS1', 'latin1')
const VERSION = 1
const SALT_BYTES = 32
const FIXED_BYTES = MAGIC.length + 3
const LONGEST_KEY_ID = 128
const LONGEST_CONTEXT = 512
const PREFIX_BYTES = 7
const LABEL = Buffer.from('fairframe sealed object v1\0', 'latin1')

/** 256 KiB: larger chunks gain little speed, smaller ones cost a fixed price per chunk. */
export const CHUNK_LOG2 = 18
const SMALLEST_LOG2 = 10
const LARGEST_LOG2 = 24

/** Reading this many bytes from the start of an object is always enough for its header. */
export const LONGEST_HEADER = FIXED_BYTES + LONGEST_KEY_ID + SALT_BYTES

/** What is stored is not what was sealed: changed, cut, mixed up, or under another key. Nothing unverified is given out. */
export class SealBroken extends AppError {
  constructor(cause?: unknown) {
    super('seal_broken', say('This file cannot be opened: what is stored was changed or damaged.'), {
      status: 500,
      cause,
    })
    this.name = 'SealBroken'
  }
}

export interface SealedHeader {
  readonly keyId: string
  /** Plain bytes in every chunk but the last. */
  readonly chunkSize: number
  /** Bytes of the header itself: the first chunk begins here. */
  readonly length: number
  /** The header as stored. */
  readonly bytes: Uint8Array
}

/** A header for a new object. Throws RangeError for a key id that is not 1 to 128 visible ASCII characters. */
export function newHeader(keyId: string, salt: Uint8Array, chunkLog2: number): SealedHeader {
  if (!isKeyId(keyId)) throw new RangeError('A key id is 1 to 128 visible ASCII characters')
  if (salt.length !== SALT_BYTES || !isChunkLog2(chunkLog2))
    throw new RangeError('Salt or chunk size out of range')
  const bytes = Buffer.concat([
    MAGIC,
    Uint8Array.of(VERSION, chunkLog2, keyId.length),
    Buffer.from(keyId, 'latin1'),
    salt,
  ])
  return { keyId, chunkSize: 2 ** chunkLog2, length: bytes.length, bytes }
}

/**
 * Reads the header from the first bytes of an object (`LONGEST_HEADER` always suffice; what follows is ignored). It is
 * authentic only once a chunk has been opened with it. Throws `SealBroken`.
 */
export function readSealedHeader(start: Uint8Array): SealedHeader {
  const bytes = Buffer.from(start.buffer, start.byteOffset, start.byteLength)
  const [version, chunkLog2, idLength] = bytes.subarray(MAGIC.length, FIXED_BYTES)
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC) || version !== VERSION) throw new SealBroken()
  if (chunkLog2 === undefined || !isChunkLog2(chunkLog2) || idLength === undefined) throw new SealBroken()
  const length = FIXED_BYTES + idLength + SALT_BYTES
  const keyId = bytes.toString('latin1', FIXED_BYTES, FIXED_BYTES + idLength)
  if (!isKeyId(keyId) || bytes.length < length) throw new SealBroken()
  return { keyId, chunkSize: 2 ** chunkLog2, length, bytes: Buffer.from(bytes.subarray(0, length)) }
}

/** Bytes that `plain` bytes take when sealed under this header. */
export function sealedSize(plain: number, header: SealedHeader): number {
  return header.length + plain + TAG_BYTES * Math.max(1, Math.ceil(plain / header.chunkSize))
}

/**
 * Plain bytes in a sealed object of `sealed` bytes. Throws `SealBroken` for a size that no sealed object has. A store can
 * cut an object to another possible size: only opening the last chunk proves where the object ends.
 */
export function plainSize(sealed: number, header: SealedHeader): number {
  const body = sealed - header.length
  const chunks = Math.ceil(body / (header.chunkSize + TAG_BYTES))
  const plain = body - chunks * TAG_BYTES
  if (plain < 0 || sealedSize(plain, header) !== sealed) throw new SealBroken()
  return plain
}

export interface ObjectKey {
  /** A KeyObject: making a cipher of raw bytes costs ten times as much, at every chunk. Its memory is wiped when it is freed. */
  readonly secret: KeyObject
  readonly prefix: Uint8Array
}

/**
 * The key of one object. `context` (up to 512 bytes of UTF-8) is what the object was sealed for, such as its name in the
 * store: it is not stored, and opening needs the same.
 */
export function objectKey(key: Uint8Array, header: SealedHeader, context: string): ObjectKey {
  if (key.length !== KEY_BYTES) throw new RangeError('A key is 32 bytes')
  const suffix = Buffer.from(context)
  if (suffix.length > LONGEST_CONTEXT) throw new RangeError('The context is too long')
  const salt = header.bytes.subarray(header.length - SALT_BYTES)
  // The header delimits itself by the length of its key id, so header and context cannot be shifted against each other.
  const info = Buffer.concat([LABEL, header.bytes, suffix])
  const derived = Buffer.from(hkdfSync('sha256', createSecretKey(key), salt, info, KEY_BYTES + PREFIX_BYTES))
  const secret = createSecretKey(derived.subarray(0, KEY_BYTES))
  derived.fill(0, 0, KEY_BYTES)
  return { secret, prefix: derived.subarray(KEY_BYTES) }
}

/** Throws RangeError beyond 2^32 chunks (1 PiB in chunks of 256 KiB), where nonces would repeat. */
export function nonceOf(prefix: Uint8Array, chunk: number, last: boolean): Buffer {
  const nonce = Buffer.allocUnsafe(PREFIX_BYTES + 5)
  nonce.set(prefix)
  nonce.writeUInt32BE(chunk, PREFIX_BYTES)
  nonce[PREFIX_BYTES + 4] = last ? 1 : 0
  return nonce
}

function isKeyId(text: string): boolean {
  return text.length <= LONGEST_KEY_ID && /^[\x21-\x7e]+$/.test(text)
}

function isChunkLog2(value: number): boolean {
  return Number.isInteger(value) && value >= SMALLEST_LOG2 && value <= LARGEST_LOG2
}
