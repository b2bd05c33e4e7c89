/**
 * Failures pinned here:
 * - a compose file that brings nothing up, asks for a setting, or loses what was kept when it is started again
 * - settings in `.env` that never reach the container, or that move it off its port or its volume
 * - links and cookies for another address than the one people type, behind a proxy
 * - events that a proxy collects, compresses and holds back, or streams that stay open behind it when the page is gone
 * - visitors who see an error while the server starts anew
 * - everybody behind the proxy counted as one, or anybody believed who says where they come from
 */
import { randomBytes } from 'node:crypto'
import { request } from 'node:http'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Composed, compose, type Form, type Reply, until } from './composed.ts'

const forms: Form[] = [
  { name: 'alone', postgres: false, proxy: false },
  { name: 'with PostgreSQL', postgres: true, proxy: false },
  { name: 'behind Caddy', postgres: false, proxy: true },
  { name: 'behind Caddy with PostgreSQL', postgres: true, proxy: true },
]
const owner = 'mara@example.org'
const member = 'ivo@example.org'
const password = 'a quiet harbour at dusk'

describe.each(forms)('Fairframe by Docker Compose, $name', (form) => {
  let house: Composed
  let cookie = ''
  let key = ''
  let video: { path: string; bytes: Buffer }

  beforeAll(async () => {
    house = await compose(form, { WELCOME_CREDITS: '7', DATA_DIR: './elsewhere' })
    await house.compose(['up', '--detach', '--no-build', '--wait'])
    if (form.proxy) await house.trustProxy()
  })
  afterAll(() => house.remove())

  const own = () => ({ Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' })
  const logs = () => house.compose(['logs', '--no-log-prefix', 'fairframe'])
  const made = async (): Promise<string> => {
    const body = JSON.stringify({
      model: 'storyboard',
      prompt: 'A lighthouse at dawn. Fog lifts.',
      seconds: 2,
    })
    const answer = await house.ask('/api/v1/generations', { method: 'POST', headers: own(), body })
    expect(answer.status, answer.body.toString()).toBe(202)
    return json<{ id: string }>(answer).id
  }

  it('gives the set-up link of the address people type, and takes the owner by it', async () => {
    const link = new URL(/once: (\S+)/.exec(await logs())?.[1] ?? 'none:')
    expect(link.origin).toBe(house.url.origin)
    expect((await house.ask(link.pathname + link.search)).status).toBe(200)

    const fields = {
      token: link.searchParams.get('token') ?? '',
      site_name: 'Harbour films',
      contact: '',
      email: owner,
      password,
      region: 'DE',
      birth_month: '5',
      birth_year: '1980',
    }
    const answer = await house.ask('/set-up', {
      method: 'POST',
      headers: { Origin: house.url.origin, 'Content-Type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(fields).toString(),
    })
    expect(answer.status, answer.body.toString()).toBe(302)
    const [given = ''] = answer.headers['set-cookie'] ?? []
    expect(given).toMatch(form.proxy ? /^__Host-session=.*; Secure/ : /^session=(?!.*Secure)/)
    cookie = given.split(';')[0] ?? ''
    expect((await house.ask('/console', { headers: { Cookie: cookie } })).status).toBe(200)
  })

  it('runs as nobody special, on a root that cannot be written, and doctor finds nothing wrong', async () => {
    expect((await house.inside(['id', '-u'])).trim()).toBe('1000')
    await expect(house.inside(['touch', '/app/probe'])).rejects.toThrow(/[Rr]ead-only/)
    expect(await house.inside(['cat', '/proc/1/status'])).toMatch(/^CapEff:\s+0+$/m)
    const said = await house.inside(['fairframe', 'doctor'])
    expect(said).not.toMatch(/^look +folder|^wrong/m)
  })

  it('makes accounts and keys at the machine, with the settings of .env', async () => {
    await house.inside(['fairframe', 'user', 'create', '--email', member, '--password-file', '-'], password)
    key = (await house.inside(['fairframe', 'api-key', 'create', '--email', member, '--name', 'A'])).trim()
    expect(json(await house.ask('/api/v1/credits', { headers: own() }))).toMatchObject({ available: 7 })
  })

  it('makes a video by API, and serves it whole, in pieces and not twice', async () => {
    const path = `/api/v1/generations/${await made()}`
    await until(async () => {
      const { status, error } = json<{ status: string; error?: unknown }>(
        await house.ask(path, { headers: own() }),
      )
      expect(['queued', 'running', 'ready'], JSON.stringify(error)).toContain(status)
      return status === 'ready'
    }, 60_000)
    const { content_url } = json<{ content_url: string }>(await house.ask(path, { headers: own() }))
    expect(new URL(content_url).origin).toBe(house.url.origin)
    const content = new URL(content_url).pathname
    const whole = await house.ask(content, { headers: { ...own(), 'Accept-Encoding': 'gzip, zstd' } })
    expect(whole.status).toBe(200)
    expect(whole.headers['content-length']).toBe(String(whole.body.length))
    expect(whole.body.subarray(4, 8).toString()).toBe('ftyp')
    const piece = await house.ask(content, { headers: { ...own(), Range: 'bytes=1000-1999' } })
    expect(piece.status).toBe(206)
    expect(piece.headers['content-range']).toBe(`bytes 1000-1999/${whole.body.length}`)
    expect(piece.body.equals(whole.body.subarray(1000, 2000))).toBe(true)
    const again = await house.ask(content, {
      headers: { ...own(), 'If-None-Match': whole.headers.etag ?? '' },
    })
    expect(again.status).toBe(304)
    video = { path: content, bytes: whole.body }
  })

  it('tells a page of what happens as it happens, and forgets the page when it goes away', async () => {
    const signIn = await house.ask('/sign-in', {
      method: 'POST',
      headers: { Origin: house.url.origin, 'Content-Type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ email: member, password }).toString(),
    })
    const headers = {
      Cookie: signIn.headers['set-cookie']?.[0]?.split(';')[0] ?? '',
      'Accept-Encoding': 'gzip, zstd',
    }
    const streams = await Promise.all(Array.from({ length: 8 }, () => house.open('/events', { headers })))
    const [stream] = streams
    expect(stream?.headers['content-type']).toMatch(/^text\/event-stream/)
    expect(stream?.headers['content-encoding']).toBeUndefined()
    let told = ''
    stream?.on('data', (chunk) => {
      told += chunk
    })
    const id = await made()
    await until(async () => told.includes(id), 3000)
    await until(async () => told.includes('"ready"'), 60_000)
    expect(await connections(house)).toBeGreaterThanOrEqual(streams.length)
    for (const each of streams) each.destroy()
    await until(async () => (await connections(house)) < streams.length, 8000)
  })

  it('takes a picture as large as may be, and refuses a larger one', async () => {
    const noise = (side: number) =>
      sharp(randomBytes(side * side * 3), { raw: { width: side, height: side, channels: 3 } })
        .png({ compressionLevel: 0 })
        .toBuffer()
    const send = async (body: Buffer) => {
      const headers = { Cookie: cookie, Origin: house.url.origin, 'Content-Type': 'image/png' }
      return (await house.ask('/references', { method: 'POST', headers, body })).status
    }
    expect(await send(await noise(2600))).toBe(201)
    expect(await send(await noise(2800))).toBe(413)
  })

  if (form.postgres)
    it('keeps the data on one server, the keys on another, and on the volume only the key to them', async () => {
      const jobs = "select count(*)::int as n from pgboss.job where name = 'generation.run'"
      expect(await queried(house, 'DATABASE_URL', jobs)).toBeGreaterThanOrEqual(2)
      const tables = "select count(*)::int as n from pg_tables where schemaname = 'public'"
      expect(await queried(house, 'KEYRING_URL', tables)).toBeGreaterThan(0)
      const files = await house.inside(['find', '/data', '-name', '*.sqlite*', '-o', '-name', 'master.key'])
      expect(files.trim()).toBe('/data/keyring/master.key')
    })

  if (form.proxy)
    it('sends plain HTTP to the encrypted address, and asks browsers to stay there', async () => {
      const [to, status] = await new Promise<[string | undefined, number | undefined]>((resolve, reject) => {
        const options = {
          host: '127.0.0.1',
          port: house.plainPort,
          path: '/sign-in',
          headers: { Host: 'localhost' },
        }
        request(options, (answer) => resolve([answer.headers.location, answer.statusCode]))
          .on('error', reject)
          .end()
      })
      expect([to, status]).toEqual(['https://localhost/sign-in', 308])
      const page = await house.ask('/sign-in', { headers: { 'Accept-Encoding': 'gzip' } })
      expect(page.headers['strict-transport-security']).toMatch(/max-age=31536000/)
      expect(page.headers['content-encoding']).toBe('gzip')
      expect(page.headers.server).toBeUndefined()
    })

  if (form.proxy)
    it('lets visitors wait while the server starts anew, and shows them no error', async () => {
      let restarting = true
      const restart = house.compose(['restart', 'fairframe']).finally(() => {
        restarting = false
      })
      const statuses = new Set<number>()
      while (restarting) statuses.add((await house.ask('/sign-in')).status)
      await restart
      expect([...statuses]).toEqual([200])
    })

  it('stops within seconds and in good order, and has everything when it starts again', async () => {
    const began = performance.now()
    await house.compose(['stop', 'fairframe'])
    expect(performance.now() - began).toBeLessThan(15_000)
    await house.compose(['stop'])
    for (const { Service, State, ExitCode } of await states(house))
      expect([Service, State, ExitCode]).toEqual([Service, 'exited', 0])
    await house.compose(['up', '--detach', '--no-build', '--wait'])
    if (form.proxy) await house.trustProxy()
    const { body } = await house.ask(video.path, { headers: own() })
    expect(body.equals(video.bytes)).toBe(true)
    expect((await house.ask('/console', { headers: { Cookie: cookie } })).status).toBe(200)
    expect((await logs()).match(/set-up\?token/g)).toHaveLength(1)
    expect((await states(house)).find(({ Service }) => Service === 'fairframe')?.Health).toBe('healthy')
  })

  it('counts tries by where they really come from', async () => {
    const wrong = { Authorization: 'Bearer ff_wrong' }
    let last = 0
    for (let tries = 0; tries < 61; tries++) {
      const headers = { ...wrong, 'X-Forwarded-For': `203.0.113.${tries}` }
      last = (await house.ask('/api/v1/credits', { headers })).status
    }
    expect(last).toBe(429)
    if (!form.proxy) return
    const other = `require('https').get({ host: 'proxy', path: '/api/v1/credits', servername: 'localhost',
      rejectUnauthorized: false, headers: { Host: 'localhost', Authorization: '${wrong.Authorization}' } },
      (answer) => { console.log(answer.statusCode); answer.resume() })`
    expect((await house.inside(['node', '--input-type=commonjs', '-e', other])).trim()).toBe('401')
  })

  it('changes its installation key while it is stopped, and opens everything with the new one', async () => {
    const installationKey = () => house.inside(['cat', '/data/keyring/master.key'])
    const before = await installationKey()
    await house.compose(['stop', 'fairframe'])
    await house.compose(['run', '--rm', '-T', 'fairframe', 'keys', 'rotate'])
    await house.compose(['up', '--detach', '--no-build', '--wait'])
    expect((await installationKey()) !== before).toBe(true)
    const { body } = await house.ask(video.path, { headers: own() })
    expect(body.equals(video.bytes)).toBe(true)
  })
})

function json<T = unknown>({ body }: Reply): T {
  return JSON.parse(body.toString()) as T
}

/** Connections that the web server has, as the kernel lists them (proc(5)): state 01 is established, 0BB8 is port 3000. */
async function connections(house: Composed): Promise<number> {
  const lines = (await house.inside(['cat', '/proc/net/tcp'])).split('\n')
  return lines.filter((line) => /^\s*\d+: [0-9A-F]{8}:0BB8 [0-9A-F:]+ 01 /.test(line)).length
}

async function queried(house: Composed, setting: string, sql: string): Promise<number> {
  const program = `const { Client } = require('pg')
    const client = new Client(process.env.${setting})
    client.connect().then(() => client.query(process.argv[1])).then(({ rows }) => { console.log(rows[0].n); client.end() })`
  return Number(await house.inside(['node', '--input-type=commonjs', '-e', program, sql]))
}

interface State {
  Service: string
  State: string
  ExitCode: number
  Health: string
}

async function states(house: Composed): Promise<State[]> {
  const lines = (await house.compose(['ps', '--all', '--format', 'json'])).trim().split('\n')
  return lines.map((line) => JSON.parse(line) as State)
}
