/**
 * A second opinion on a stamped video: validates it with an implementation that shares no code with the engines that
 * sign (`@trustnxt/c2pa-ts`, plain TypeScript). It checks hashes, signature and certificate shape, not whom the certificate
 * chains to.
 *
 *     node test/independent-validator/validate.ts FILE
 *
 * Prints `valid` or `invalid` and the status codes of the C2PA specification; exit code 0 for valid, 1 for anything else.
 */
import { readFile } from 'node:fs/promises'
import { BMFF } from '@trustnxt/c2pa-ts/asset'
import { SuperBox } from '@trustnxt/c2pa-ts/jumbf'
import { ManifestStore, ValidationResult } from '@trustnxt/c2pa-ts/manifest'

export interface Verdict {
  readonly valid: boolean
  /** All codes when valid, else the failing ones. */
  readonly codes: readonly string[]
}

// Its reader of ISO base media files is complete, but lets in only the brands of still pictures.
const brands = (BMFF as unknown as { canReadBrands: Set<string> }).canReadBrands
for (const brand of ['isom', 'iso2', 'mp41', 'mp42']) brands.add(brand)

/** Validates the active manifest of the MP4 at `path`. Throws the system's error only when the file cannot be opened. */
export async function validate(path: string): Promise<Verdict> {
  const bytes = await readFile(path)
  const result = await check(bytes).catch((error: unknown) => ValidationResult.fromError(error as Error))
  if (!result) return { valid: false, codes: ['manifest.missing'] }
  const entries = result.isValid
    ? result.statusEntries
    : result.statusEntries.filter((entry) => !entry.success)
  return { valid: result.isValid, codes: [...new Set(entries.map(({ code }) => code))] }
}

async function check(bytes: Uint8Array): Promise<ValidationResult | undefined> {
  const asset = new BMFF(bytes)
  const jumbf = asset.getManifestJUMBF()
  if (!jumbf) return undefined
  return ManifestStore.read(SuperBox.fromBuffer(new Uint8Array(jumbf))).validate(asset)
}

if (process.argv[1] === import.meta.filename) {
  const path = process.argv[2]
  if (!path) {
    process.stderr.write('usage: node test/independent-validator/validate.ts FILE\n')
    process.exit(1)
  }
  const { valid, codes } = await validate(path)
  process.stdout.write(`${valid ? 'valid' : 'invalid'} ${codes.join(' ')}\n`)
  process.exit(valid ? 0 : 1)
}
