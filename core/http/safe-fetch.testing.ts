/** Servers and resolvers for the tests of fetching from outside. */
import type { LookupAddress } from 'node:dns'
import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterEach, expect } from 'vitest'
import { isAppError } from '#core/errors/errors.ts'
import type { Resolve } from './public-address.ts'
import type { SafeFetchOptions } from './safe-fetch.ts'

export const open: Server[] = []
afterEach(() => {
  for (const server of open.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

export async function serve(listener: RequestListener, tls?: { key: string; cert: string }): Promise<number> {
  const server = tls ? createTlsServer(tls, listener) : createServer(listener)
  open.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

export const v4 = (address: string): LookupAddress => ({ address, family: 4 })

/** A resolver that gives these answers one after the other, and the last one ever after. */
export function answering(...answers: LookupAddress[][]): Resolve & { asked: string[] } {
  const asked: string[] = []
  return Object.assign(
    async (host: string) => {
      asked.push(host)
      return answers[Math.min(asked.length, answers.length) - 1] ?? []
    },
    { asked },
  )
}

export const loopback = answering([v4('127.0.0.1')])

/** The operator's own list names this port of any of these hosts. */
export function house(port: number, more: SafeFetchOptions = {}): SafeFetchOptions {
  return { allowHosts: [`one.test:${port}`, `two.test:${port}`], resolve: loopback, ...more }
}

export async function refusal(fetching: Promise<unknown>): Promise<string> {
  const error = await fetching.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!isAppError(error)) throw error ?? new Error('was not refused')
  expect(JSON.stringify([error.message, String(error.cause)])).not.toMatch(/test|127|s3cret/)
  return error.code
}
