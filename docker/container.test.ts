/**
 * Failures pinned here:
 * - a volume that cannot be written ends in a stack trace, or in a server that starts and loses everything
 * - the container counts as healthy though the server answers an error, or not at all
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

async function ran(file: string, env: Record<string, string>) {
  const path = fileURLToPath(new URL(file, import.meta.url))
  const child = spawn(process.execPath, [path], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  child.stderr.on('data', (chunk) => {
    text += chunk
  })
  const [code] = await once(child, 'close')
  return { code, text }
}

it('without a volume that can be written it says so in one sentence and does not start', async () => {
  const { code, text } = await ran('entrypoint.mjs', { DATA_DIR: '/nowhere/at-all' })
  expect(code).toBe(1)
  expect(text).toBe(
    '/nowhere/at-all is not a volume that can be written. Mount one there, for example with `-v fairframe-data:/nowhere/at-all`.\n',
  )
})

it('is healthy when /healthz answers well, and only then', async () => {
  let status = 200
  const server = createServer((request, response) => {
    response.statusCode = request.url === '/healthz' ? status : 404
    response.end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const PORT = String((server.address() as AddressInfo).port)
  expect((await ran('health.mjs', { PORT })).code).toBe(0)
  status = 503
  expect((await ran('health.mjs', { PORT })).code).toBe(1)
  server.close()
  await once(server, 'close')
  expect((await ran('health.mjs', { PORT })).code).toBe(1)
})
