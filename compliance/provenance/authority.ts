import {
  createHash,
  createPrivateKey,
  type KeyObject,
  randomBytes,
  sign,
  verify,
  X509Certificate,
} from 'node:crypto'
import { chmod, link, mkdir, open, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '#core/clock/clock.ts'
import { AppError } from '#core/errors/errors.ts'
import { say } from '#core/i18n/say.ts'
import { type Issued, issuedAt, issueLeaf, issueRoot, leafSigns } from './certificates.ts'

/**
 * This server's own signing authority: a root that is made once and only issues, and a signing certificate that is
 * replaced every year. It vouches for "signed here"; elsewhere its signatures show as valid, by an unknown signer.
 */
export interface Authority {
  /** To publish, and to give to `openEngine` as a root. */
  readonly rootPem: string
  /** SHA-256 of the root certificate, in hex. */
  readonly rootFingerprint: string
  /** The certificate to sign with now. Issues the next one when its year is over. */
  leaf(): Promise<Leaf>
  /** Signs random bytes and checks the signature, the chain and the dates. Throws AppError when stamping could not work. */
  trialSign(): Promise<void>
}

export interface Leaf {
  /** PEM, leaf first, without the root, as it goes into signatures. */
  readonly chain: readonly string[]
  /** SHA-256 of the certificate, in hex. */
  readonly fingerprint: string
  /** In decimal, as validators report it. */
  readonly serial: string
  /** Times in ms: when the next certificate takes over, and until when signatures of this one validate. */
  readonly renewsAt: number
  readonly expiresAt: number
  /** ECDSA P-256 with SHA-256 over `toBeSigned`: 64 bytes, r and s. */
  sign(toBeSigned: Uint8Array): Promise<Uint8Array>
}

export interface AuthorityOptions {
  /** Made if it is missing, with mode 0700. */
  readonly directory: string
  /** Names the certificates when they are made. A later rename of the site does not make a new root. */
  readonly host: string
  readonly clock: Clock
  /** Encrypt and decrypt private keys for the disk. */
  readonly protect: (plain: Uint8Array) => Promise<Uint8Array>
  readonly unprotect: (sealed: Uint8Array) => Promise<Uint8Array>
}

/**
 * Opens the authority in `directory`, making it on the first start. Processes that start at the same time end up with
 * the same one. Throws AppError `provenance_key_unreadable` when the keys there cannot be decrypted or do not fit.
 */
export async function openAuthority(options: AuthorityOptions): Promise<Authority> {
  const { directory, clock, host } = options
  await mkdir(directory, { recursive: true, mode: 0o700 })
  await chmod(directory, 0o700)
  const store = new KeyFolder(options)
  const root = await store.keepFirst('root.json', () => issueRoot(host, clock.now()))
  const rootCertificate = new X509Certificate(root.certificate)

  const makeLeaf = async (name: string) => {
    const issued = await store.keepFirst(name, () => issueLeaf(root, host, clock.now()))
    return leafOf(issued, rootCertificate)
  }
  let current = await makeLeaf((await store.latestLeaf()) ?? leafName(1))

  const leaf = async () => {
    if (clock.now() < current.renewsAt) return current
    // Another process may have been first; then the newest file is fresh and nothing is made.
    const latest = (await store.latestLeaf()) ?? leafName(0)
    current = await makeLeaf(latest)
    if (clock.now() >= current.renewsAt) current = await makeLeaf(leafName(numberOf(latest) + 1))
    return current
  }

  return {
    rootPem: root.certificate,
    rootFingerprint: fingerprintOf(rootCertificate),
    leaf,
    async trialSign() {
      const active = await leaf()
      const certificate = new X509Certificate(active.chain[0] ?? '')
      const sample = randomBytes(32)
      const signature = await active.sign(sample)
      const key = { key: certificate.publicKey, dsaEncoding: 'ieee-p1363' } as const
      if (!verify('sha256', sample, key, signature)) throw unusable('the signature does not verify')
      const now = clock.now()
      for (const each of [certificate, rootCertificate]) {
        if (now < Date.parse(each.validFrom) || now >= Date.parse(each.validTo))
          throw unusable('a certificate is out of date')
      }
    },
  }
}

/**
 * The root certificate for everybody, as PEM, where no keys are at hand. Undefined before the worker's first start.
 */
export async function readRootCertificate(directory: string): Promise<string | undefined> {
  try {
    const { certificate } = JSON.parse(await readFile(join(directory, 'root.json'), 'utf8')) as {
      certificate: string
    }
    return new X509Certificate(certificate).toString()
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw unusable('the root certificate cannot be read', error)
  }
}

function leafOf(issued: Issued, root: X509Certificate): Leaf {
  const certificate = new X509Certificate(issued.certificate)
  const key = privateKeyOf(issued)
  if (
    !certificate.checkPrivateKey(key) ||
    !certificate.checkIssued(root) ||
    !certificate.verify(root.publicKey)
  ) {
    throw unusable('the signing certificate does not fit its key or its root')
  }
  return {
    chain: [issued.certificate],
    fingerprint: fingerprintOf(certificate),
    serial: BigInt(`0x${certificate.serialNumber}`).toString(),
    renewsAt: issuedAt(Date.parse(certificate.validFrom)) + leafSigns,
    expiresAt: Date.parse(certificate.validTo),
    sign: async (toBeSigned) => sign('sha256', toBeSigned, { key, dsaEncoding: 'ieee-p1363' }),
  }
}

function privateKeyOf(issued: Issued): KeyObject {
  try {
    return createPrivateKey({ key: Buffer.from(issued.privateKey), format: 'der', type: 'pkcs8' })
  } catch (cause) {
    throw unusable('the private key is damaged', cause)
  }
}

/** Certificates and their encrypted keys, one file each, written once and never changed. */
class KeyFolder {
  readonly #options: AuthorityOptions
  constructor(options: AuthorityOptions) {
    this.#options = options
  }

  /** The name of the newest signing certificate's file. */
  async latestLeaf(): Promise<string | undefined> {
    const names = await readdir(this.#options.directory)
    return names
      .filter((name) => /^leaf-\d{4}\.json$/.test(name))
      .sort()
      .at(-1)
  }

  /**
   * What the file holds; if there is none yet, what `make` returns becomes it, unless another process was faster.
   * Linking a finished file to its name either works or finds the name taken, so nobody ever reads half a key, and a
   * process that dies in between leaves no lock behind.
   */
  async keepFirst(name: string, make: () => Promise<Issued>): Promise<Issued> {
    const path = join(this.#options.directory, name)
    const found = await this.#load(path)
    if (found) return found
    const made = await make()
    const sealed = await this.#options.protect(made.privateKey)
    made.privateKey.fill(0)
    const content = JSON.stringify({
      certificate: made.certificate,
      key: Buffer.from(sealed).toString('base64'),
    })
    const draft = `${path}.${randomBytes(8).toString('hex')}`
    await writeFile(draft, content, { mode: 0o600, flag: 'wx', flush: true })
    try {
      await link(draft, path)
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error
    } finally {
      await rm(draft)
    }
    await syncFolder(this.#options.directory)
    const kept = await this.#load(path)
    if (!kept) throw unusable('the key file vanished')
    return kept
  }

  async #load(path: string): Promise<Issued | undefined> {
    let content: string
    try {
      content = await readFile(path, 'utf8')
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined
      throw error
    }
    try {
      const { certificate, key } = JSON.parse(content) as { certificate: string; key: string }
      const privateKey = await this.#options.unprotect(Buffer.from(key, 'base64'))
      return { certificate: new X509Certificate(certificate).toString(), privateKey }
    } catch (cause) {
      throw unusable('a key file cannot be opened', cause)
    }
  }
}

/** A name survives a power cut only when its folder was written out as well. */
async function syncFolder(directory: string): Promise<void> {
  const folder = await open(directory, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

function leafName(number: number): string {
  return `leaf-${String(number).padStart(4, '0')}.json`
}

function numberOf(name: string): number {
  return Number(name.slice(5, 9))
}

function fingerprintOf(certificate: X509Certificate): string {
  return createHash('sha256').update(certificate.raw).digest('hex')
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}

function unusable(reason: string, cause?: unknown): AppError {
  const sentence = say(
    'The keys that mark where files come from cannot be used. The operator has to look at them.',
  )
  return new AppError('provenance_key_unreadable', sentence, {
    status: 503,
    cause: cause ?? new Error(reason),
  })
}
