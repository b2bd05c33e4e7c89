/**
 * Pins: a request line that anybody may send and that is answered as a fault of ours; a token that stands in the log; a look
 * into every part of the house for whoever asks, as often as they ask.
 */
import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { aServer } from '#app/routes/v1/testing.ts'
import { SECOND } from '#core/clock/clock.ts'
import { aHouse, type TestHouse } from '#test/factories/house.ts'
import { onBothGrounds } from '#test/grounds.ts'

/** The status of what is answered to these lines, as they are. */
async function statusOf(origin: string, head: string): Promise<number> {
  const { port } = new URL(origin)
  const socket = connect(Number(port), '127.0.0.1')
  socket.write(`${head}\r\nConnection: close\r\n\r\n`)
  const [piece] = (await once(socket, 'data')) as [Buffer]
  socket.destroy()
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(piece.toString('latin1'))?.[1])
}

const linesOf = ({ logged }: TestHouse) =>
  logged.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'request')

test.each([
  ['GET http://localhost:4877/sign-in HTTP/1.1\r\nHost: localhost:3000', 404],
  ['HEAD http://x/ HTTP/1.1\r\nHost: localhost:3000', 200],
  ['GET http://localhost:3000/healthz HTTP/1.1\r\nHost: localhost:3000', 200],
  ['GET * HTTP/1.1\r\nHost: localhost:3000', 400],
  ['OPTIONS * HTTP/1.1\r\nHost: localhost:3000', 400],
  ['GET / HTTP/1.1\r\nHost: localhost:3000\r\nX-Forwarded-Host: a:99999', 200],
  ['GET // HTTP/1.1\r\nHost: localhost:3000', 200],
  ['GET //x/y HTTP/1.1\r\nHost: localhost:3000', 404],
  ['GET /%00 HTTP/1.1\r\nHost: localhost:3000', 400],
  ['GET / HTTP/1.0', 200],
])('%j is no fault of ours', async (head, status) => {
  const house = await aHouse()
  const origin = await aServer(house)
  // The build of this server has one page, at the root.
  expect(await statusOf(origin, head)).toBe(status)
  expect(house.logged.filter((line) => line.includes('"error"'))).toEqual([])
})

test('the log names the route, never what somebody wrote into the address', async () => {
  const house = await aHouse()
  const origin = await aServer(house)
  for (const path of ['/reset-password/TOKENTOKEN?sig=TOKEN', '/api/v1/generations/TOKEN', '/api/TOKEN'])
    await (await fetch(origin + path)).text()
  expect(linesOf(house).map(({ route }) => route)).toEqual(['unmatched', '/api/v1/generations/:id', '/api/*'])
  expect(house.logged.join()).not.toContain('TOKEN')
})

onBothGrounds('whether it can work', (ground) => {
  test('is tried once a second, however many ask, and told in a sentence', async () => {
    const house = await aHouse(ground)
    let tried = 0
    let broken = false
    const { objects } = house
    const watched: TestHouse = {
      ...house,
      objects: {
        ...objects,
        async check() {
          tried += 1
          if (broken) throw new Error('gone')
          return objects.check()
        },
      },
    }
    const origin = await aServer(watched)
    const ask = async () => {
      const answer = await fetch(`${origin}/readyz`)
      return [answer.status, await answer.json()] as const
    }
    const answers = await Promise.all(Array.from({ length: 20 }, ask))
    const ready = { ready: true, parts: { database: null, keyring: null, storage: null, disk: null } }
    expect(answers).toEqual(answers.map(() => [200, ready]))
    broken = true
    expect(await ask()).toEqual([200, ready])
    expect(tried).toBe(1)
    house.clock.advance(SECOND)
    expect(await ask()).toMatchObject([
      503,
      { ready: false, parts: { storage: 'The store cannot be used.' } },
    ])
    expect(tried).toBe(2)
  })
})
