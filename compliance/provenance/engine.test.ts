/**
 * Failures this pins: an upload that makes this server open a connection; a file that hangs or kills the engine and takes
 * the service, or the next job, with it; a signing key used for something that is no claim; an engine that keeps its
 * memory while nobody needs it, or that keeps the whole program from ending.
 */
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { DAY, movableClock, SECOND, systemClock } from '#core/clock/clock.ts'
import type { Authority, Leaf } from './authority.ts'
import { type EngineLimits, openEngine, type ProvenanceEngine } from './engine.ts'
import { EngineChild } from './engine-child.ts'
import type { EngineName } from './engine-messages.ts'
import { stamp } from './stamp.ts'
import { run, statement, temporaryFolder, testAuthority, tinyVideo } from './testing.ts'

const names: readonly EngineName[] = ['native', 'wasm']
let folder: Awaited<ReturnType<typeof temporaryFolder>>
let authority: Authority
let video: string

const at = (name: string) => join(folder.path, name)

beforeAll(async () => {
  folder = await temporaryFolder()
  authority = await testAuthority(at('keys'))
  video = await tinyVideo(at('video.mp4'))
})

afterAll(() => folder.remove())

async function engineFor(
  setting: 'auto' | EngineName,
  limits: Partial<EngineLimits> = {},
): Promise<ProvenanceEngine> {
  const engine = await openEngine({ setting, roots: [authority.rootPem], limits })
  onTestFinished(() => engine.close())
  return engine
}

/** The authority, with something happening while the signature is asked for: the middle of signing. */
function whileSigning(happens: (leaf: Leaf, toBeSigned: Uint8Array) => Promise<Uint8Array>): Authority {
  const leaf = async () => {
    const active = await authority.leaf()
    return { ...active, sign: (toBeSigned: Uint8Array) => happens(active, toBeSigned) }
  }
  return { ...authority, leaf }
}

function signalBusy(engine: ProvenanceEngine, signal: NodeJS.Signals): void {
  for (const { pid, busy } of engine.status().processes) if (busy) process.kill(pid, signal)
}

describe.each(names)('the %s engine', (name) => {
  test('is cut off when it hangs, leaves nothing, and does the next job', async () => {
    await mkdir(at(`${name}-hang`), { recursive: true })
    const engine = await engineFor(name, { signMs: 3000 })
    const frozen = whileSigning((leaf, toBeSigned) => {
      signalBusy(engine, 'SIGSTOP')
      return leaf.sign(toBeSigned)
    })
    const outPath = at(`${name}-hang/out.mp4`)
    const attempt = stamp(engine, frozen, { ...statement, inPath: video, outPath })
    await expect(attempt).rejects.toMatchObject({ code: 'provenance_timeout' })
    expect(await readdir(at(`${name}-hang`))).toEqual([])
    expect(await stamp(engine, authority, { ...statement, inPath: video, outPath })).toMatchObject({
      state: 'Trusted',
    })
  })

  test('may be killed in the middle of signing: a clear error, nothing left, the next job works', async () => {
    await mkdir(at(`${name}-kill`), { recursive: true })
    const engine = await engineFor(name)
    const killed = whileSigning((leaf, toBeSigned) => {
      signalBusy(engine, 'SIGKILL')
      return leaf.sign(toBeSigned)
    })
    const outPath = at(`${name}-kill/out.mp4`)
    const attempt = stamp(engine, killed, { ...statement, inPath: video, outPath })
    await expect(attempt).rejects.toMatchObject({ code: 'provenance_crashed' })
    expect(await readdir(at(`${name}-kill`))).toEqual([])
    expect(await stamp(engine, authority, { ...statement, inPath: video, outPath })).toMatchObject({
      state: 'Trusted',
    })
  })

  test('asks for one signature over one claim, and never sees the key', async () => {
    const engine = await engineFor(name)
    const asked: string[] = []
    const watched = whileSigning((leaf, toBeSigned) => {
      asked.push(Buffer.from(toBeSigned.subarray(0, 12)).toString('latin1'))
      return leaf.sign(toBeSigned)
    })
    await stamp(engine, watched, { ...statement, inPath: video, outPath: at(`${name}-asked.mp4`) })
    expect(asked).toEqual(['\x84jSignature1'])
  })

  test('never follows an address that a file names', async () => {
    const trap = await openTrap()
    const engine = await engineFor(name)
    for (const path of await filesThatPointTo(trap.address, name)) {
      expect(await engine.read(path)).toMatchObject({ integrity: 'none', found: 'elsewhere', signer: null })
      const attempt = stamp(engine, authority, {
        ...statement,
        inPath: path,
        outPath: at(`${name}-trap-out`),
      })
      await expect(attempt).rejects.toMatchObject({ code: 'provenance_unreadable' })
    }
    expect(trap.visits()).toBe(0)
  })

  test('says of a file without a manifest that it has none, and of rubbish that it is unreadable', async () => {
    const engine = await engineFor(name)
    expect(await engine.read(video)).toMatchObject({ integrity: 'none', found: 'nowhere', problems: [] })
    await writeFile(at('rubbish.mp4'), `\0\0\0\x14ftypisom${'\xff'.repeat(5000)}`, 'latin1')
    expect((await engine.read(at('rubbish.mp4'))).integrity).toBe('unreadable')
    await writeFile(at('page.mp4'), '<!doctype html>')
    expect(await engine.read(at('page.mp4'))).toMatchObject({
      integrity: 'unreadable',
      problems: [{ code: 'format.unsupported' }],
    })
  })

  test('says of a stamp whose certificate ran out that it is unchanged and expired', async () => {
    // Issued by a clock that is almost ten years behind, so that five seconds of its life are left.
    const clock = movableClock(systemClock.now() - 3650 * DAY + 5 * SECOND)
    const old = await testAuthority(at(`${name}-old-keys`), { clock })
    const engine = await openEngine({ setting: name, roots: [old.rootPem] })
    onTestFinished(() => engine.close())
    const path = at(`${name}-old.mp4`)
    await stamp(engine, old, { ...statement, inPath: video, outPath: path })
    await expect
      .poll(async () => (await engine.read(path)).signer?.trusted, { timeout: 15_000 })
      .toBe('expired')
    const report = await engine.read(path)
    expect(report).toMatchObject({ integrity: 'unchanged', state: 'Invalid' })
    expect(report.problems).toContainEqual({ where: [], code: 'signingCredential.expired', kind: 'signer' })
    expect(report.problems.every(({ kind }) => kind === 'signer')).toBe(true)
  })
})

test('auto takes an engine that loads', async () => {
  const engine = await engineFor('auto')
  expect(names).toContain(engine.name)
  expect((await engine.read(video)).integrity).toBe('none')
})

test('more jobs than processes wait their turn; more than may wait are turned away', async () => {
  const engine = await engineFor('native', { processes: 2, waiting: 3 })
  const released = Promise.withResolvers<void>()
  // Both processes are in the middle of signing and stay there until they are let go.
  let inside = 0
  const held = whileSigning(async (leaf, toBeSigned) => {
    inside += 1
    await released.promise
    return leaf.sign(toBeSigned)
  })
  const signing = ['held-1.mp4', 'held-2.mp4'].map((name) =>
    stamp(engine, held, { ...statement, inPath: video, outPath: at(name) }),
  )
  await expect.poll(() => inside, { timeout: 10_000 }).toBe(2)
  const reading = Array.from({ length: 3 }, () => engine.read(video))
  await expect.poll(() => engine.status().waiting, { timeout: 10_000 }).toBe(3)
  await expect(engine.read(video)).rejects.toMatchObject({ code: 'provenance_busy' })
  released.resolve()
  expect((await Promise.all(reading)).map(({ integrity }) => integrity)).toEqual(Array(3).fill('none'))
  expect(engine.status().processes.length).toBeLessThanOrEqual(2)
  await Promise.allSettled(signing)
})

test('a child with nothing to do is ended, and the next job starts another', async () => {
  const engine = await engineFor('native', { idleMs: 50 })
  const first = engine.status().processes[0]?.pid ?? 0
  await expect.poll(() => isRunning(first), { timeout: 10_000 }).toBe(false)
  expect(engine.status().processes).toEqual([])
  expect((await engine.read(video)).integrity).toBe('none')
})

test('a program that opened an engine and signed can end by itself', async () => {
  const code = `
    const { openEngine } = await import(${JSON.stringify(join(import.meta.dirname, 'engine.ts'))})
    const engine = await openEngine({ setting: 'native', roots: [] })
    await engine.read(${JSON.stringify(video)})
    console.log(engine.status().processes[0].pid)`
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', code], { timeout: 20_000 })
  await expect.poll(() => isRunning(Number(stdout)), { timeout: 10_000 }).toBe(false)
})

test('the WebAssembly engine refuses what would not fit its memory', async () => {
  const engine = await engineFor('wasm', { wasmBytes: 1000 })
  await expect(engine.read(video)).rejects.toMatchObject({ code: 'provenance_too_large', status: 413 })
})

test('a child that asks for a signature while it only reads is ended', async () => {
  const child = await EngineChild.start('native', 20_000)
  const job = { ...(await signRequest()), outPath: at('unasked.mp4') }
  await expect(child.run(job, 5000)).rejects.toMatchObject({ code: 'provenance_crashed' })
  expect(child.alive).toBe(false)
})

test('an engine that cannot be loaded is a sentence for the operator', async () => {
  const attempt = openEngine({ setting: 'native', roots: [], limits: { startMs: 1 } })
  await expect(attempt).rejects.toMatchObject({ code: 'provenance_engine_missing', status: 503 })
})

async function signRequest() {
  const { chain } = await authority.leaf()
  const definition = { claim_generator_info: [{ name: 'x' }], assertions: [] }
  const common = {
    type: 'sign',
    format: 'video/mp4',
    ingredients: [],
    settings: {},
    definition,
    chain,
  } as const
  return { ...common, inPath: video }
}

/** A process that ended but was not yet collected by its parent still has its number; Linux marks it Z. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  const stat = `/proc/${pid}/stat`
  return !existsSync(stat) || !/\) Z /.test(readFileSync(stat, 'utf8'))
}

async function openTrap() {
  let visits = 0
  const server = createServer((_, response) => response.end('caught'))
  server.on('connection', () => visits++)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return {
    visits: () => visits,
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/m.c2pa`,
  }
}

test('the trap of these tests does catch a reader with the library’s own settings', async () => {
  const trap = await openTrap()
  const [picture] = await filesThatPointTo(trap.address, 'control')
  const code = `
    const { Reader } = await import('@contentauth/c2pa-node')
    await Reader.fromAsset({ path: ${JSON.stringify(picture)}, mimeType: 'image/png' }).catch(() => {})`
  await run(process.execPath, ['--input-type=module', '-e', code], { timeout: 20_000 })
  expect(trap.visits()).toBe(1)
})

/** A picture and a video whose XMP says that their manifest lies at `address`. */
async function filesThatPointTo(address: string, name: string): Promise<string[]> {
  const rdf = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
  const about = `rdf:about="" xmlns:dcterms="http://purl.org/dc/terms/" dcterms:provenance="${address}"`
  const packet = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF ${rdf}><rdf:Description ${about}/></rdf:RDF></x:xmpmeta>`
  const xmp = Buffer.from(`<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>${packet}<?xpacket end="w"?>`)

  const png = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  )
  const afterHeader = 33
  const chunk = Buffer.concat([Buffer.from('iTXtXML:com.adobe.xmp\0\0\0\0\0'), xmp])
  const itxt = Buffer.concat([word(chunk.length - 4), chunk, word(crc32(chunk))])
  const picture = at(`${name}-remote.png`)
  await writeFile(picture, Buffer.concat([png.subarray(0, afterHeader), itxt, png.subarray(afterHeader)]))

  const box = Buffer.concat([
    Buffer.from('uuid'),
    Buffer.from('be7acfcb97a942e89c71999491e3afac', 'hex'),
    xmp,
  ])
  const movie = at(`${name}-remote.mp4`)
  await writeFile(movie, Buffer.concat([await readFile(video), word(box.length + 4), box]))
  return [picture, movie]
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
