import { createHash, randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdtemp, open, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, extname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { AppError } from '#core/errors/errors.ts'
import { type Sentence, say } from '#core/i18n/say.ts'
import type { Authority, Leaf } from './authority.ts'
import type { ProvenanceEngine } from './engine.ts'
import type { EngineName } from './engine-messages.ts'
import { formatOf } from './formats.ts'
import { manifestFor, type Original, type StampInput } from './manifest.ts'
import type { Report } from './report.ts'

export interface StampJob extends StampInput {
  readonly inPath: string
  /** Its folder must be writable; a file that is already there is replaced, at the very end. */
  readonly outPath: string
  /**
   * The file that `inPath` was made of, when that one may carry a manifest which the making of `inPath` lost. A poster or a
   * preview names its stamped video here, and so says that it came from it.
   */
  readonly original?: { readonly path: string; readonly since: 'repackaged' | 'transcoded' }
}

export interface Stamped {
  readonly manifestLabel: string
  /** The manifest store as it is in the file, to recover it when somebody strips the file. */
  readonly manifestBytes: Uint8Array
  /** Of the stamped file, in hex. */
  readonly sha256: string
  readonly certFingerprint: string
  readonly engine: EngineName
  readonly state: 'Trusted'
  /** What the input's own manifest said, when it had one; its problems are to be recorded and shown, not hidden. */
  readonly parent: Report | null
}

/**
 * Puts a signed manifest into a copy of `inPath`. The copy appears at `outPath` only after it was read again and found to
 * be trusted and ours; on any failure nothing is left. Do this last: every tool that rewrites a file drops its manifest.
 * Throws AppError `provenance_*`; `inPath` is never changed.
 */
export async function stamp(engine: ProvenanceEngine, authority: Authority, job: StampJob): Promise<Stamped> {
  const { inPath, outPath } = job
  await refuseSameFile(inPath, outPath)
  const format = await formatOf(inPath)
  if (!format)
    throw refusal(
      'provenance_format',
      say('This kind of file cannot carry a statement of where it comes from.'),
    )
  const original: { path: string; since?: Original['since'] } = job.original ?? { path: inPath }
  const originalFormat = await formatOf(original.path)
  const parent = originalFormat ? await manifestOf(engine, original.path) : undefined
  const leaf = await authority.leaf()
  // Same folder, so that the last step is a rename; never the output's own name, which a failed engine leaves empty.
  const draft = join(dirname(outPath), `.stamp-${randomBytes(8).toString('hex')}${extname(outPath)}`)
  try {
    const { definition, ingredients, createdLabels } = manifestFor(job, format, {
      since: original.since,
      ...(parent && originalFormat && { parent: { path: original.path, format: originalFormat } }),
    })
    const signing = { definition, ingredients, createdLabels, format, inPath, outPath: draft }
    const manifestBytes = await engine.sign({ ...signing, chain: leaf.chain, sign: leaf.sign })
    const manifestLabel = oursOrThrow(await engine.read(draft), leaf, job.publicId)
    const sha256 = await settle(draft)
    await rename(draft, outPath)
    const certFingerprint = leaf.fingerprint
    return {
      manifestLabel,
      manifestBytes,
      sha256,
      certFingerprint,
      engine: engine.name,
      state: 'Trusted',
      parent: parent ?? null,
    }
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
}

/** Stamps and reads a one-pixel picture: proves engine, key and trust together. Throws what `stamp` throws. */
export async function trialStamp(engine: ProvenanceEngine, authority: Authority, now: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'fairframe-trial-'))
  try {
    const inPath = join(folder, 'in.png')
    await writeFile(inPath, Buffer.from(onePixel, 'base64'))
    await stamp(engine, authority, {
      inPath,
      outPath: join(folder, 'out.png'),
      publicId: 'self-test',
      verifyUrl: 'http://localhost/verify',
      siteHost: 'localhost',
      model: { name: 'Self-test', version: '1', kind: 'algorithmic' },
      createdAt: now,
      trainingAllowed: false,
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const onePixel =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

/** The engines truncate their output first: told to write over its input, one destroys the file. Links count as the same. */
async function refuseSameFile(inPath: string, outPath: string): Promise<void> {
  const [from, to] = await Promise.all([stat(inPath), stat(outPath).catch(() => undefined)])
  if (to && from.dev === to.dev && from.ino === to.ino)
    throw new TypeError('a file cannot be stamped into itself')
}

/**
 * The report on a manifest that is already there. A file whose manifest cannot be read, or lies elsewhere, is refused:
 * signing over it would drop what its maker said about it.
 */
async function manifestOf(engine: ProvenanceEngine, inPath: string): Promise<Report | undefined> {
  const report = await engine.read(inPath)
  if (report.found === 'embedded') return report
  if (report.integrity === 'none' && report.found === 'nowhere') return undefined
  throw refusal(
    'provenance_unreadable',
    say('What this file says about where it comes from cannot be read, so it is not signed over.'),
  )
}

function oursOrThrow(report: Report, leaf: Leaf, publicId: string): string {
  const ours =
    report.state === 'Trusted' &&
    report.integrity === 'unchanged' &&
    report.signer?.trusted === 'ours' &&
    report.signer.serial === leaf.serial &&
    report.generation?.publicId === publicId
  if (ours && report.manifestLabel) return report.manifestLabel
  const codes = report.problems.map(({ code }) => code).join(', ')
  const sentence = say(
    'This file was marked, but the mark did not hold when it was checked. It is not delivered.',
  )
  throw new AppError('provenance_not_trusted', sentence, {
    status: 503,
    cause: new Error(codes || 'not ours'),
  })
}

/** Writes the file out to the disk and returns its SHA-256 in hex. */
async function settle(path: string): Promise<string> {
  const file = await open(path, 'r+')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}

function refusal(code: string, sentence: Sentence): AppError {
  return new AppError(code, sentence, { status: 422 })
}
