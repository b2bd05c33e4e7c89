import { once } from 'node:events'
import { createServer, get, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createRequestHandler } from '@remix-run/express'
import type { AppLoadContext } from '@remix-run/node'
import express from 'express'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { House } from '#app/house.ts'
import type { EdgeContext } from '#app/http/load-context.ts'
import { outletOf } from '#app/http/outlet.ts'
import { compose } from '#app/studio/generations/compose.ts'
import { watchChanges } from '#core/db/changes.ts'
import { aHouse, aPerson } from '#test/factories/house.ts'
import { onBothGrounds } from '#test/grounds.ts'
import { edgeFor, studioBuild } from './testing.ts'

/**
 * Over real sockets. Pins: a stream that outlives its page and keeps asking the database for nobody; a server that
 * cannot stop because streams are open; a change made by the worker that reaches no browser.
 */
onBothGrounds('The stream of events', (ground) => {
  test('tells what is there, then what changes in the database, whoever changed it', async () => {
    const { house, person, open } = await aServer(ground)
    const stream = await open()
    expect(stream.response.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
    })
    await stream.until('event: credits')
    const id = await compose(
      house,
      { subject: person.id, apiKey: null },
      { model: 'storyboard', prompt: 'A.' },
    )
    await stream.until(`"id":"${id}"`)
    await stream.until('"waiting":1')
    await stream.until('"available":95')
  })

  test('ends when its page goes away, and asks for nothing any more', async () => {
    const { open, listeners } = await aServer(ground)
    const stream = await open()
    await stream.until('event: credits')
    expect(listeners()).toBe(1)
    stream.response.destroy()
    await vi.waitFor(() => expect(listeners()).toBe(0), { timeout: 5000 })
  })

  test('ends when the server stops, so that the server can; a browser that comes back is told everything anew', async () => {
    const { open, stop, listeners } = await aServer(ground)
    const stream = await open()
    await stream.until('event: credits')
    stop()
    await once(stream.response, 'end')
    expect(listeners()).toBe(0)
  })
})

async function aServer(ground: 'sqlite' | 'postgres') {
  const house = await aHouse(ground)
  const person = await aPerson(house, { credits: 100 })
  const changes = watchChanges(house.db, house.config.database)
  const stopping = new AbortController()
  let listeners = 0
  const live: EdgeContext['live'] = {
    subscribe(listener) {
      listeners += 1
      const leave = changes.subscribe(listener)
      let left = false
      return () => {
        if (!left) listeners -= 1
        left = true
        leave()
      }
    },
  }
  const context = await edgeFor(house as House, person)
  const handler = createRequestHandler({
    build: await studioBuild(),
    mode: 'production',
    getLoadContext: (_, response) =>
      ({ ...context, live, stopping: stopping.signal, outlet: outletOf(response) }) as AppLoadContext,
  })
  const server = createServer(express().use(handler))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    stopping.abort()
    server.closeAllConnections()
    server.close()
    await changes.close()
  })
  const { port } = server.address() as AddressInfo
  return {
    house,
    person,
    listeners: () => listeners,
    stop: () => stopping.abort(),
    async open() {
      const request = get({ host: '127.0.0.1', port, path: '/events', agent: false })
      request.on('error', () => {})
      const [response] = (await once(request, 'response')) as [IncomingMessage]
      response.on('error', () => {})
      let text = ''
      response.setEncoding('utf8').on('data', (piece: string) => {
        text += piece
      })
      return {
        response,
        until: (words: string) => vi.waitFor(() => expect(text).toContain(words), { timeout: 10_000 }),
      }
    },
  }
}
