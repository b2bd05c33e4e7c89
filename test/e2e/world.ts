import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  export interface ProvidedContext {
    /** The running app. */
    app: { origin: string; dataDir: string; setUpLink: string }
  }
}

const root = join(import.meta.dirname, '../..')

/** Starts the whole house on an empty data folder, as `npm start` does after its preparations, and waits for its two lines. */
export default async function setUp(project: TestProject) {
  const dataDir = await mkdtemp(join(tmpdir(), 'fairframe-e2e-'))
  const port = await freePort()
  const origin = `http://localhost:${port}`
  const child = spawn(process.execPath, ['bin/serve.ts'], {
    cwd: root,
    env: { ...process.env, PORT: String(port), HOST: '127.0.0.1', DATA_DIR: dataDir, NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const setUpLink = await linesOf(child)
  project.provide('app', { origin, dataDir, setUpLink })
  return async () => {
    const gone = once(child, 'exit')
    child.kill('SIGTERM')
    const [code] = await gone
    await rm(dataDir, { recursive: true, force: true })
    if (code !== 0) throw new Error(`The house ended with ${code} after SIGTERM`)
  }
}

/** The address must be ready and the set-up link given; answers the link. */
async function linesOf(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('No output to read')
  const seen: string[] = []
  const timer = setTimeout(() => child.kill('SIGKILL'), 60_000)
  for await (const line of createInterface({ input: child.stdout })) {
    seen.push(line)
    const link = /https?:\/\/\S+\/set-up\?token=\S+/.exec(line)?.[0]
    if (!link) continue
    clearTimeout(timer)
    // Whatever it says later must not fill the pipe.
    child.stdout.resume()
    return link
  }
  throw new Error(`The house did not start. It said: ${seen.join(' | ')}`)
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
