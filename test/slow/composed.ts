/**
 * An installation by Docker Compose as an operator makes one: the compose files and a `.env` in a folder, and the command. The
 * only additions are an image that was built before and ports of this machine that are free.
 */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { vi } from 'vitest'

const root = join(import.meta.dirname, '../..')

export interface Form {
  name: string
  postgres: boolean
  proxy: boolean
}

export interface Asked {
  method?: string
  headers?: Record<string, string>
  body?: string | Buffer
}

export interface Reply {
  status: number
  headers: IncomingMessage['headers']
  body: Buffer
}

export interface Composed {
  /** The address that people type. */
  url: URL
  /** `docker compose …`. Answers its standard output; throws with all it said when it does not end with 0. */
  compose(words: string[], input?: string): Promise<string>
  /** A command in the container of Fairframe. */
  inside(words: string[], input?: string): Promise<string>
  /** Asks as a browser at `url` would, whatever port of this machine leads there. */
  ask(path: string, asked?: Asked): Promise<Reply>
  /** As `ask`, without waiting for the end of the answer. */
  open(path: string, asked?: Asked): Promise<IncomingMessage>
  /** The port of this machine that leads to the proxy's port 80. */
  plainPort: number
  /** Fetches the authority that the proxy made for itself: without it nobody believes its certificate. */
  trustProxy(): Promise<void>
  remove(): Promise<void>
}

/** `settings` are lines of `.env`. Nothing runs yet: `compose(['up', …])` starts it. */
export async function compose(form: Form, settings: Record<string, string>): Promise<Composed> {
  const folder = await mkdtemp(join(tmpdir(), 'fairframe-compose-'))
  const [port, plainPort, securePort] = await Promise.all([freePort(), freePort(), freePort()])
  await cp(join(root, 'docker-compose.yml'), join(folder, 'docker-compose.yml'))
  await cp(join(root, 'docker'), join(folder, 'docker'), { recursive: true })
  const files = ['docker-compose.yml']
  if (form.postgres) files.push('docker/compose.postgres.yml')
  if (form.proxy) files.push('docker/compose.proxy.yml')
  await writeFile(join(folder, 'here.yml'), additions(form, plainPort, securePort))
  const env = {
    COMPOSE_FILE: [...files, 'here.yml'].join(':'),
    COMPOSE_PROJECT_NAME: `fairframe-test-${form.name.replace(/\W+/g, '-').toLowerCase()}-${process.pid}`,
    PORT: String(port),
    ...(form.postgres && { POSTGRES_PASSWORD: 'harbour1', KEYRING_PASSWORD: 'harbour2' }),
    ...(form.proxy && { DOMAIN: 'localhost' }),
    ...settings,
  }
  await writeFile(
    join(folder, '.env'),
    Object.entries(env)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
  )
  const url = new URL(form.proxy ? 'https://localhost' : `http://localhost:${port}`)
  let authority: string | undefined

  const run = (words: string[], input = '') => ran(folder, words, input)
  const open = async (path: string, { method = 'GET', headers = {}, body }: Asked = {}) => {
    const options: RequestOptions = {
      host: '127.0.0.1',
      port: form.proxy ? securePort : port,
      path,
      method,
      agent: false,
      headers: { Host: url.host, ...headers, ...(body && { 'Content-Length': Buffer.byteLength(body) }) },
    }
    const request = form.proxy
      ? httpsRequest({ ...options, servername: url.hostname, ca: authority })
      : httpRequest(options)
    request.end(body)
    const [answer] = (await once(request, 'response')) as [IncomingMessage]
    return answer
  }
  return {
    url,
    plainPort,
    compose: run,
    inside: (words, input) => run(['exec', '-T', 'fairframe', ...words], input),
    open,
    async ask(path, asked) {
      const answer = await open(path, asked)
      const body = Buffer.concat(await answer.toArray())
      return { status: answer.statusCode as number, headers: answer.headers, body }
    },
    async trustProxy() {
      await until(async () => {
        authority = await run(['exec', '-T', 'proxy', 'cat', '/data/caddy/pki/authorities/local/root.crt'])
        await open('/healthz')
        return true
      })
    },
    async remove() {
      await run(['down', '--volumes', '--timeout', '5'])
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Asks until it answers true; what it throws on the way counts as no. Throws the last reason after `longestMs`. */
export async function until(done: () => Promise<boolean>, longestMs = 20_000): Promise<void> {
  await vi.waitFor(
    async () => {
      if (!(await done())) throw new Error('it never came to be')
    },
    { timeout: longestMs, interval: 100 },
  )
}

const additions = (form: Form, plainPort: number, securePort: number) => `services:
  fairframe:
    image: fairframe:test
${
  form.proxy
    ? `  proxy:
    ports: !override
      - '127.0.0.1:${plainPort}:80'
      - '127.0.0.1:${securePort}:443'
`
    : ''
}`

async function ran(folder: string, words: string[], input: string): Promise<string> {
  const [program = '', ...before] = (process.env.COMPOSE ?? 'docker compose').split(' ')
  // What this shell has set would win over `.env`.
  const env = { ...process.env }
  for (const name of ['PORT', 'APP_URL', 'DOMAIN', 'COMPOSE_FILE', 'COMPOSE_PROJECT_NAME']) delete env[name]
  const child = spawn(program, [...before, ...words], { cwd: folder, env })
  let out = ''
  let said = ''
  child.stdout.on('data', (chunk) => {
    out += chunk
  })
  child.stderr.on('data', (chunk) => {
    said += chunk
  })
  child.stdin.end(input)
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`compose ${words.join(' ')} ended with ${code}: ${out}${said}`)
  return out
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
