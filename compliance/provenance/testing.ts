/** What the tests of this folder share: a folder that goes away, a tiny video, an authority with toy encryption. */
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { systemClock } from '#core/clock/clock.ts'
import { type Authority, type AuthorityOptions, openAuthority } from './authority.ts'
import type { StampInput } from './manifest.ts'

export const run = promisify(execFile)

export async function temporaryFolder(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'fairframe-provenance-'))
  return { path, remove: () => rm(path, { recursive: true, force: true }) }
}

/** One second of moving test picture, 64 by 64, H.264, index in front. */
export async function tinyVideo(path: string): Promise<string> {
  const source = ['-f', 'lavfi', '-i', 'testsrc=size=64x64:duration=1:rate=10']
  const coding = ['-pix_fmt', 'yuv420p', '-movflags', '+faststart']
  await run('ffmpeg', ['-v', 'error', '-y', ...source, ...coding, path])
  return path
}

/** A checksum of the decoded frames: the same picture, whatever the container around it. */
export async function decodedMd5(path: string): Promise<string> {
  const { stdout } = await run('ffmpeg', ['-v', 'error', '-i', path, '-f', 'md5', '-'])
  return stdout.trim()
}

const flip = async (bytes: Uint8Array) => bytes.map((byte) => byte ^ 0x5a)

export function testAuthority(
  directory: string,
  options: Partial<AuthorityOptions> = {},
): Promise<Authority> {
  const host = 'video.example.org'
  return openAuthority({ directory, host, clock: systemClock, protect: flip, unprotect: flip, ...options })
}

export const statement: StampInput = {
  publicId: 'pub_7h3k9m2q',
  verifyUrl: 'https://video.example.org/v/pub_7h3k9m2q',
  siteHost: 'video.example.org',
  model: { name: 'Built-in renderer', version: '1.0', kind: 'algorithmic' },
  createdAt: Date.UTC(2026, 10, 20, 9, 30),
  trainingAllowed: false,
}

/** `bytes` with one bit changed, `after` bytes behind the last place where `mark` stands. */
export function tampered(bytes: Buffer, mark: string | Buffer, after: number): Buffer {
  const at = bytes.lastIndexOf(mark)
  if (at < 0) throw new Error('nothing to tamper with')
  const copy = Buffer.from(bytes)
  copy[at + after] = (copy[at + after] ?? 0) ^ 1
  return copy
}
