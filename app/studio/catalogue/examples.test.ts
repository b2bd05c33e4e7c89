/** Pins: an example with a route that would not take the job; a price that covers another route than the dearest. */
import { expect, test } from 'vitest'
import { remoteModel } from '#test/factories/remote.ts'
import { examplesOf, faultOfPrice } from './examples.ts'

test('examples show price, worth and cost for each resolution and the routes that take it', () => {
  const [b] = remoteModel.routes.slice(1)
  if (!b) throw new Error('There are two routes')
  const model = {
    ...remoteModel,
    routes: [...remoteModel.routes.slice(0, 1), { ...b, takes: "resolution == '1080p'" }],
  }
  // 5 s cost $0.05 on a, $0.10 on b; a credit is a cent, and the price is half as much again as the dearest.
  expect(examplesOf(model, 10_000)).toEqual([
    {
      ...{ resolution: '720p', seconds: 5, credits: 8, worthMicroUsd: 80_000 },
      routes: [{ id: 'a', costMicroUsd: 50_000 }],
    },
    {
      ...{ resolution: '1080p', seconds: 5, credits: 15, worthMicroUsd: 150_000 },
      routes: [
        { id: 'a', costMicroUsd: 50_000 },
        { id: 'b', costMicroUsd: 100_000 },
      ],
    },
  ])
  expect(faultOfPrice(model, 10_000)).toBeUndefined()
})
