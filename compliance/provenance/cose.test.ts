/** Failures this pins: a key that signs whatever it is handed; a signature box of another size than was hashed around. */
import { expect, test } from 'vitest'
import { coseSign1, isSigStructure } from './cose.ts'

const claim = new Uint8Array(300).fill(7)
const certificates = [new Uint8Array(500), new Uint8Array(70_000)]

test.each([
  [certificates.slice(0, 1), [1000, 5000]],
  [certificates, [72_000, 80_000]],
])('fills exactly the space that was kept', async (chain, sizes) => {
  for (const size of sizes) {
    const made = await coseSign1(claim, chain, size, async () => new Uint8Array(64))
    expect(made.length).toBe(size)
  }
})

test('refuses a space that is too small', async () => {
  await expect(
    coseSign1(claim, certificates.slice(0, 1), 600, async () => new Uint8Array(64)),
  ).rejects.toThrow('does not fit')
})

test('tells what a claim signature covers from everything else', async () => {
  const asked: Uint8Array[] = []
  await coseSign1(claim, certificates.slice(0, 1), 2000, async (toBeSigned) => {
    asked.push(toBeSigned)
    return new Uint8Array(64)
  })
  expect(asked.map(isSigStructure)).toEqual([true])
  for (const other of ['', 'GET /transfer', '\x84iSignature', '\x85jSignature1']) {
    expect(isSigStructure(Buffer.from(other, 'latin1'))).toBe(false)
  }
})
