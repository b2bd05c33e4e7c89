/**
 * The one COSE structure the wasm engine wants ready-made: a COSE_Sign1 (RFC 9052, 4.2) with the certificate chain in the
 * protected header (RFC 9360, x5chain), as C2PA 2.2, 13.2 lays out. CBOR (RFC 8949) is written by hand: five shapes.
 */
export async function coseSign1(
  claim: Uint8Array,
  chain: readonly Uint8Array[],
  size: number,
  sign: (toBeSigned: Uint8Array) => Promise<Uint8Array>,
): Promise<Uint8Array> {
  const only = chain.length === 1 ? chain[0] : undefined
  const x5chain = only ? bytes(only) : Buffer.concat([head(4, chain.length), ...chain.map(bytes)])
  const es256 = Buffer.from([0x01, 0x26])
  const x5chainLabel = Buffer.from([0x18, 0x21])
  const header = bytes(Buffer.concat([head(5, 2), es256, x5chainLabel, x5chain]))
  const toBeSigned = Buffer.concat([
    head(4, 4),
    text('Signature1'),
    header,
    bytes(Buffer.alloc(0)),
    bytes(claim),
  ])
  const signature = bytes(await sign(toBeSigned))

  const assemble = (padding: number) =>
    Buffer.concat([
      head(6, 18),
      head(4, 4),
      header,
      head(5, 1),
      text('pad'),
      bytes(Buffer.alloc(padding)),
      Buffer.from([0xf6]),
      signature,
    ])
  // The claim was hashed with a box of exactly `size` bytes around it. 256 and more zeros always have a three-byte head.
  const least = assemble(256).length
  const padding = size - least + 256
  if (padding < 256 || padding > 0xffff) throw new Error('the signature does not fit the space kept for it')
  return assemble(padding)
}

/** True when `toBeSigned` is what a C2PA claim signature covers: the Sig_structure array that begins with "Signature1" (RFC 9052, 4.4). */
export function isSigStructure(toBeSigned: Uint8Array): boolean {
  const start = Buffer.concat([head(4, 4), text('Signature1')])
  return Buffer.from(toBeSigned.subarray(0, start.length)).equals(start)
}

function head(major: number, count: number): Buffer {
  const type = major << 5
  if (count < 24) return Buffer.from([type | count])
  if (count < 0x100) return Buffer.from([type | 24, count])
  if (count < 0x10000) return Buffer.from([type | 25, count >> 8, count & 0xff])
  const long = Buffer.alloc(5)
  long[0] = type | 26
  long.writeUInt32BE(count, 1)
  return long
}

function bytes(value: Uint8Array): Buffer {
  return Buffer.concat([head(2, value.length), value])
}

function text(value: string): Buffer {
  const utf8 = Buffer.from(value)
  return Buffer.concat([head(3, utf8.length), utf8])
}
