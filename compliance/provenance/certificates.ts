import 'reflect-metadata'
import { randomBytes } from 'node:crypto'
import * as x509 from '@peculiar/x509'
import { DAY, MINUTE } from '#core/clock/clock.ts'

/** A certificate with its private key: PEM text, and PKCS #8 DER bytes that are to be sealed before they touch a disk. */
export interface Issued {
  readonly certificate: string
  readonly privateKey: Uint8Array
}

const year = 365 * DAY
const rootLasts = 20 * year
/**
 * Without a trusted time-stamp a manifest stops validating on the day its certificate expires, so certificates live long
 * and are replaced early: each signs for one year and stays valid for nine more.
 */
const leafLasts = 10 * year
export const leafSigns = year

/** Clocks of readers may be a little behind ours; a certificate from the future is refused. */
const backdated = 5 * MINUTE

const p256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

/** A self-signed root (P-256, 20 years) that may issue signing certificates and nothing below them. */
export async function issueRoot(host: string, now: number): Promise<Issued> {
  const keys = await crypto.subtle.generateKey(p256, true, ['sign', 'verify'])
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: randomSerial(),
    name: [{ CN: [commonName(host, 'local provenance root')] }, { O: [organisation(host)] }],
    notBefore: new Date(now - backdated),
    notAfter: new Date(now + rootLasts),
    keys,
    signingAlgorithm: p256,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  return { certificate: certificate.toString('pem'), privateKey: await pkcs8(keys.privateKey) }
}

/**
 * A signing certificate of the shape C2PA 2.2, 14.5.1 asks for. It has both the C2PA purpose and e-mail protection,
 * because older validators know only the latter.
 */
export async function issueLeaf(root: Issued, host: string, now: number): Promise<Issued> {
  const issuer = new x509.X509Certificate(root.certificate)
  const rootKey = await crypto.subtle.importKey('pkcs8', new Uint8Array(root.privateKey), p256, false, [
    'sign',
  ])
  const keys = await crypto.subtle.generateKey(p256, true, ['sign', 'verify'])
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: randomSerial(),
    subject: [{ CN: [commonName(host, 'provenance')] }, { O: [organisation(host)] }],
    issuer: issuer.subjectName,
    notBefore: new Date(now - backdated),
    notAfter: new Date(Math.min(now + leafLasts, issuer.notAfter.getTime())),
    publicKey: keys.publicKey,
    signingKey: rootKey,
    signingAlgorithm: p256,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension(['1.3.6.1.5.5.7.3.4', '1.3.6.1.4.1.62558.2.1'], false),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(issuer),
    ],
  })
  return { certificate: certificate.toString('pem'), privateKey: await pkcs8(keys.privateKey) }
}

/** When a certificate with this start was made, in ms. */
export function issuedAt(notBefore: number): number {
  return notBefore + backdated
}

async function pkcs8(key: CryptoKey): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.exportKey('pkcs8', key))
}

/** Sixteen random bytes; the first bits make it positive and of full length (RFC 5280, 4.1.2.2). */
function randomSerial(): string {
  const serial = randomBytes(16)
  serial[0] = ((serial[0] as number) & 0x3f) | 0x40
  return serial.toString('hex')
}

/** X.520 allows a common name and an organisation of 64 characters; host names may have 253. */
function commonName(host: string, suffix: string): string {
  return `${host.slice(0, 63 - suffix.length)} ${suffix}`
}

function organisation(host: string): string {
  return host.slice(0, 64)
}
