/** Pins: a change through another connection that nobody here is told of; a watcher that goes on ringing after its close. */
import { expect, onTestFinished, test } from 'vitest'
import { compose } from '#app/studio/generations/compose.ts'
import { DAY } from '#core/clock/clock.ts'
import { aHouse, aPerson } from '#test/factories/house.ts'
import { onBothGrounds } from '#test/grounds.ts'
import { watchChanges } from './changes.ts'
import { openGround } from './ground.ts'
import type { Schema } from './schema/schema.ts'

onBothGrounds('watching for changes', (ground) => {
  test('a commit through another connection rings, and nothing rings after the close', async () => {
    const elsewhere = await aHouse(ground)
    const person = await aPerson(elsewhere)
    const { database } = elsewhere.config
    const here = openGround<Schema>(database)
    onTestFinished(() => here.close())
    // Never anyway: that would hide a bell that is out of order.
    const changes = watchChanges(here, database, DAY)
    const rung = () =>
      new Promise<void>((resolve) => {
        const stop = changes.subscribe(() => {
          stop()
          resolve()
        })
      })
    const change = () =>
      compose(
        elsewhere,
        { subject: person.id, apiKey: null },
        { model: 'storyboard', prompt: 'A storm.', seconds: 2 },
      )
    // Beginning to watch rings once, so that nothing before it is missed.
    await rung()
    const again = rung()
    await change()
    await again
    let late = 0
    changes.subscribe(() => {
      late += 1
    })
    await changes.close()
    await change()
    expect(late).toBe(0)
  })
})
