/**
 * Pins: an answer that tells a stranger more than that it came; a body without end read to its end; a failure of ours that
 * the provider takes for "received".
 */
import { expect, test } from 'vitest'
import { remoteProvider, theseProviders } from '#test/doubles/remote-provider.ts'
import { aHouse } from '#test/factories/house.ts'
import { action } from './provider.ts'

async function knock(
  init: RequestInit,
  options: { provider?: string; broken?: true } = {},
): Promise<{ response: Response; reported: unknown[] }> {
  const reported: unknown[] = []
  const house = { ...(await aHouse()), providers: theseProviders(remoteProvider('one')) }
  if (options.broken) house.providers = { get: () => Promise.reject(new Error('the database is not there')) }
  const response = await action({
    request: new Request('http://localhost:3000/webhooks/one/att', { method: 'POST', ...init }),
    context: { house, report: (error: unknown) => reported.push(error) } as never,
    params: { provider: options.provider ?? 'one', attempt: 'att' },
  })
  return { response, reported }
}

const signed = { headers: { signature: 'true' } }

test.each([
  ['signed', { ...signed, body: 'job d1' }, {}, 200],
  ['forged', { headers: { signature: 'no' }, body: 'job d1' }, {}, 401],
  ['to nobody', { ...signed, body: 'job d1' }, { provider: 'three' }, 404],
  ['too long', { ...signed, body: 'x'.repeat(300_000) }, {}, 413],
  ['asked with GET', { method: 'GET' }, {}, 405],
] as const)('a webhook %s is answered without a word', async (_what, init, options, status) => {
  const { response, reported } = await knock(init, options)
  expect([response.status, await response.text(), reported]).toEqual([status, '', []])
})

test('a failure of ours makes the provider knock again, and is told to the operator', async () => {
  const { response, reported } = await knock({ ...signed, body: 'job d1' }, { broken: true })
  expect([response.status, reported.length]).toEqual([500, 1])
})
