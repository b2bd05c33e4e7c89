/**
 * Failures pinned here:
 * - an install cut short is taken for a whole one, or a good one made by hand is thrown away
 * - packages for other platforms make every start install again
 * - a changed, added or deleted source is served from yesterday's build; a test or a touch of nothing rebuilds
 * - a setting given as a file is given twice to what we start
 * - we install as root what the user should, or ask for a password nobody can type
 */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadConfig } from '#core/config/config.ts'
import { buildIsFresh, sourceStamp } from './build.mjs'
import { findChromium } from './chromium.mjs'
import { ensureFfmpeg, findFfmpeg } from './ffmpeg.mjs'
import { needsInstall } from './install.mjs'
import { find, packageManager, typedLine } from './packages.mjs'
import { addCounts, chosenParts, countsOf } from './tally.mjs'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fairframe-ready-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function program(path: string, mode = 0o755): string {
  const file = join(folder, path)
  mkdirSync(join(file, '..'), { recursive: true })
  writeFileSync(file, '#!/bin/sh\n')
  chmodSync(file, mode)
  return file
}

describe('dependencies', () => {
  const lock = {
    packages: {
      '': { version: '0.1.0' },
      'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
      'node_modules/tool': { version: '1.0.0', integrity: 'sha512-t', dev: true },
      'node_modules/a-mac': { version: '1.0.0', integrity: 'sha512-m', optional: true },
    },
  }
  const { 'node_modules/a': a, 'node_modules/tool': tool } = lock.packages
  const all = { packages: { 'node_modules/a': a, 'node_modules/tool': tool } }
  const production = { packages: { 'node_modules/a': a } }

  it('are installed when there are none, or an install was cut short', () => {
    expect(needsInstall(lock, undefined, 'all')).toBe(true)
  })

  it('are left alone when they are the ones in the lock, whoever installed them', () => {
    expect(needsInstall(lock, all, 'all')).toBe(false)
    expect(needsInstall(lock, all, 'production')).toBe(false)
    expect(needsInstall(lock, production, 'production')).toBe(false)
  })

  it('are installed again when one is missing, changed or too many', () => {
    expect(needsInstall(lock, production, 'all')).toBe(true)
    const older = { packages: { ...all.packages, 'node_modules/a': { ...a, version: '0.9.0' } } }
    expect(needsInstall(lock, older, 'all')).toBe(true)
    const other = { packages: { ...all.packages, 'node_modules/a': { ...a, integrity: 'sha512-x' } } }
    expect(needsInstall(lock, other, 'all')).toBe(true)
    const surplus = { packages: { ...all.packages, 'node_modules/b': a } }
    expect(needsInstall(lock, surplus, 'all')).toBe(true)
  })
})

describe('the build', () => {
  beforeEach(() => {
    mkdirSync(join(folder, 'app'))
    mkdirSync(join(folder, 'build'))
    writeFileSync(join(folder, 'app', 'root.tsx'), 'one')
    writeFileSync(join(folder, 'build', '.stamp'), sourceStamp(folder))
  })

  it('is fresh until a source changes, comes or goes', () => {
    expect(buildIsFresh(folder)).toBe(true)
    writeFileSync(join(folder, 'app', 'page.tsx'), 'new')
    expect(buildIsFresh(folder)).toBe(false)
    rmSync(join(folder, 'app', 'page.tsx'))
    expect(buildIsFresh(folder)).toBe(true)
    writeFileSync(join(folder, 'app', 'root.tsx'), 'two!')
    expect(buildIsFresh(folder)).toBe(false)
  })

  it('does not depend on tests, and is not fresh when it never ended', () => {
    writeFileSync(join(folder, 'app', 'root.test.tsx'), 'new')
    expect(buildIsFresh(folder)).toBe(true)
    rmSync(join(folder, 'build', '.stamp'))
    expect(buildIsFresh(folder)).toBe(false)
  })
})

describe('programs', () => {
  it('are found on PATH or where they are said to be, when they can be run', () => {
    const there = program('b/thing')
    program('a/thing', 0o644)
    mkdirSync(join(folder, 'c', 'thing'), { recursive: true })
    const PATH = ['a', 'c', 'b'].map((name) => join(folder, name)).join(':')
    expect(find('thing', { PATH })).toBe(there)
    expect(find(there, { PATH: '' })).toBe(there)
    expect(find(join(folder, 'a', 'thing'), { PATH })).toBeUndefined()
    expect(find('nothing', { PATH })).toBeUndefined()
  })

  it('ffprobe is taken from beside the ffmpeg that was named', () => {
    const ffmpeg = program('own/ffmpeg')
    const beside = program('own/ffprobe')
    const usual = program('usual/ffprobe')
    const PATH = join(folder, 'usual')
    expect(findFfmpeg({ PATH, FFMPEG_PATH: ffmpeg })).toEqual({ ffmpeg, ffprobe: beside })
    expect(findFfmpeg({ PATH, FFMPEG_PATH: ffmpeg, FFPROBE_PATH: usual })).toEqual({ ffmpeg, ffprobe: usual })
    expect(findFfmpeg({ PATH })).toEqual({ ffmpeg: undefined, ffprobe: usual })
  })

  it('the paths of ffmpeg may stand in files, and whoever is started is given them once', async () => {
    const ffmpeg = program('own/ffmpeg')
    const ffprobe = program('own/ffprobe')
    const file = join(folder, 'path')
    writeFileSync(file, `${ffmpeg}\n`)
    const env: Record<string, string> = { PATH: '', FFMPEG_PATH_FILE: file }
    await ensureFfmpeg(env)
    expect(env).toEqual({ PATH: '', FFMPEG_PATH: ffmpeg, FFPROBE_PATH: ffprobe })
    expect(loadConfig(env)).toMatchObject({ ffmpegPath: ffmpeg, ffprobePath: ffprobe })
    await expect(ensureFfmpeg({ ...env, FFPROBE_PATH_FILE: file })).rejects.toThrow(
      'FFPROBE_PATH is given twice',
    )
    await expect(ensureFfmpeg({ FFMPEG_PATH_FILE: join(folder, 'none') })).rejects.toThrow(
      'FFMPEG_PATH_FILE names a file that cannot be read',
    )
    writeFileSync(file, '\n')
    await expect(ensureFfmpeg({ FFMPEG_PATH_FILE: file })).rejects.toThrow('a file with nothing in it')
  })

  it('a Chromium that was named is not replaced by another', () => {
    const chrome = program('bin/google-chrome')
    expect(findChromium({ PATH: join(folder, 'bin') })).toBe(chrome)
    expect(findChromium({ PATH: join(folder, 'bin'), CHROMIUM_PATH: '/nowhere/chromium' })).toBeUndefined()
  })
})

describe('the package manager', () => {
  const choose = (uid: number, ...present: string[]) =>
    packageManager({ uid, has: (name: string) => present.includes(name) })

  it('is used by root, except Homebrew, which refuses root', () => {
    expect(choose(0, 'apt-get')).toMatchObject({ name: 'apt-get', mayInstall: true })
    expect(choose(1000, 'apt-get')).toMatchObject({ name: 'apt-get', mayInstall: false })
    expect(choose(0, 'apk')).toMatchObject({ name: 'apk', mayInstall: true })
    expect(choose(501, 'brew')).toMatchObject({ name: 'brew', mayInstall: true })
    expect(choose(0, 'brew')).toMatchObject({ name: 'brew', mayInstall: false })
    expect(choose(0)).toBeUndefined()
  })

  it('the line to type is one that works', () => {
    const packages = { 'apt-get': 'ffmpeg', apk: 'ffmpeg', dnf: 'ffmpeg-free', brew: 'ffmpeg' }
    const lines = ['apt-get', 'apk', 'dnf', 'brew'].map((name) => typedLine(choose(1000, name), packages))
    expect(lines).toEqual([
      'sudo apt-get install ffmpeg',
      'sudo apk add ffmpeg',
      'sudo dnf install ffmpeg-free',
      'brew install ffmpeg',
    ])
  })
})

describe('the tally', () => {
  it('adds the runs up', () => {
    const one = countsOf(0, { numPassedTests: 3, numFailedTests: 0 })
    const two = countsOf(1, { numPassedTests: 2, numFailedTests: 4 })
    expect(addCounts(one, two)).toEqual({ passed: 5, failed: 4 })
  })

  it('never says "0 failed" of a run that was not well', () => {
    expect(countsOf(1, { numPassedTests: 3, numFailedTests: 0 })).toEqual({ passed: 3, failed: 1 })
    expect(countsOf(0, undefined)).toEqual({ passed: 0, failed: 1 })
    expect(countsOf(143, undefined)).toEqual({ passed: 0, failed: 1 })
  })

  it('knows its parts', () => {
    expect(chosenParts([])).toEqual(['lint', 'unit', 'build', 'e2e'])
    expect(chosenParts(['unit'])).toEqual(['unit'])
    expect(() => chosenParts(['unti'])).toThrow('choose from lint, unit, build, e2e')
  })
})
