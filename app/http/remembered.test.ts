/** Pins: a question that every request asks anew, or several at once; a failure that is remembered; an answer kept for ever. */
import { expect, test } from 'vitest'
import { movableClock, SECOND } from '#core/clock/clock.ts'
import { rememberedFor } from './remembered.ts'

test('it is asked once for a while, counted from its answer, and by all who ask meanwhile', async () => {
  const clock = movableClock(0)
  const open: PromiseWithResolvers<number>[] = []
  const ask = rememberedFor(
    SECOND,
    () => {
      const next = Promise.withResolvers<number>()
      open.push(next)
      return next.promise
    },
    clock,
  )
  const first = ask()
  clock.advance(5 * SECOND)
  const second = ask()
  open[0]?.resolve(1)
  expect(await Promise.all([first, second])).toEqual([1, 1])
  clock.advance(SECOND - 1)
  expect(await ask()).toBe(1)
  clock.advance(1)
  const third = ask()
  expect(open).toHaveLength(2)
  open[1]?.reject(new Error('away'))
  await expect(third).rejects.toThrow('away')
  void ask()
  expect(open).toHaveLength(3)
})
