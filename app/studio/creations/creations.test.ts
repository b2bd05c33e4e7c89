import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { openSessions } from '#app/http/session.ts'
import { advance } from '#app/studio/generations/advance.ts'
import { compose } from '#app/studio/generations/compose.ts'
import { endFailed } from '#app/studio/generations/end.ts'
import { isBeingMade } from '#app/studio/generations/generations.queries.ts'
import { cancelGeneration, removeGeneration, saveGeneration } from '#app/studio/generations/removal.ts'
import { liveStates } from '#app/studio/generations/states.ts'
import { MINUTE, SECOND } from '#core/clock/clock.ts'
import type { GenerationId } from '#core/ids/ids.ts'
import { aHouse, aPerson, type TestHouse, type TestPerson } from '#test/factories/house.ts'
import { onBothGrounds } from '#test/grounds.ts'
import { newerOf } from './creation.schema.ts'
import { pageOfCreations, queueOf, usualTimes } from './creations.ts'
import { liveFeed } from './live-feed.ts'
import { aReadyVideo } from './testing.ts'

/**
 * Pins: a page that leaves one out or shows one twice; a list that opens the keyring for every row; a stream that tells
 * the same again, unseals a prompt with every step, or goes on after its session ended; credits that stay wrong on the
 * screen when a video fails; an older view that wins over a newer one.
 */
onBothGrounds('Creations', (ground) => {
  test('are paged newest first, without a gap and without those that are gone', async () => {
    const { house, person, actor } = await aStudio(ground)
    const ids = await several(house, person, 7)
    await removeGeneration(house, person.id, ids[3] as GenerationId)
    const seen: string[] = []
    let before: string | undefined
    for (let pages = 0; pages < 5; pages++) {
      const page = await pageOfCreations(house, actor, { before, limit: 2 })
      seen.push(...page.creations.map(({ id }) => id))
      before = page.older
      if (!before) break
    }
    expect(seen).toEqual([6, 5, 4, 2, 1, 0].map((at) => ids[at]))
    expect((await pageOfCreations(house, actor, { before: 'no id', limit: 1 })).creations[0]?.id).toBe(ids[6])
  })

  test('a page opens the keyring once, as its owner', async () => {
    const { house, person, actor } = await aStudio(ground)
    await several(house, person, 5)
    let opened = 0
    const keyring: typeof house.keyring = Object.create(house.keyring)
    keyring.open = (ids, access) => {
      opened += 1
      expect(access.actor).toEqual({ kind: 'person', id: person.id })
      return house.keyring.open(ids, access)
    }
    const { creations } = await pageOfCreations({ ...house, keyring }, actor, { limit: 5 })
    expect(creations.map(({ prompt }) => prompt)).toEqual([
      'Shot 4.',
      'Shot 3.',
      'Shot 2.',
      'Shot 1.',
      'Shot 0.',
    ])
    expect(opened).toBe(1)
  })

  test('what is being made is found whatever else there is, by an index of its own', async () => {
    const { house, person, actor } = await aStudio(ground)
    const ids = await several(house, person, liveStates.length + 1)
    await house.db.transaction(async (tx) => {
      for (const [at, state] of [...liveStates, 'failed' as const].entries())
        await tx
          .updateTable('generation')
          .set({ state })
          .where('id', '=', ids[at] as GenerationId)
          .execute()
    })
    expect(await queueOf(house, actor)).toEqual({ running: liveStates.length - 1, waiting: 1 })
    if (ground === 'postgres') return
    const plan = await sql<{ detail: string }>`explain query plan select count(*) from generation
      where subject_id = 'x' and ${isBeingMade}`.execute(house.db.maintenance)
    expect(plan.rows.map(({ detail }) => detail).join()).toContain('generation_live')
  })

  test('what is saved has a page of its own, and only its owner has it', async () => {
    const { house, person, actor } = await aStudio(ground)
    const other = await aPerson(house)
    const { id } = await aReadyVideo(house, person.id)
    await aReadyVideo(house, person.id)
    await saveGeneration(house, person.id, id, true)
    const saved = await pageOfCreations(house, actor, { saved: true, limit: 5 })
    expect(saved.creations.map((one) => one.id)).toEqual([id])
    const theirs = { kind: 'person', id: other.id } as const
    expect((await pageOfCreations(house, theirs, { saved: true, limit: 5 })).creations).toEqual([])
    expect((await pageOfCreations(house, theirs, { limit: 5 })).creations).toEqual([])
  })

  test('say how long they usually take once three are like it, and nothing before', async () => {
    const { house, person } = await aStudio(ground)
    for (let made = 0; made < 3; made++) {
      expect(await usualTimes(house)).toEqual({})
      await aReadyVideo(house, person.id)
    }
    const times = await usualTimes(house)
    expect(Object.keys(times)).toEqual(['storyboard 480p 2', 'storyboard 480p 3', 'storyboard 480p 4'])
  })
})

onBothGrounds('The live feed', (ground) => {
  test('begins with what is live or just ended, and then tells only what changed, each prompt once', async () => {
    const { house, person, feed, actor } = await aStudio(ground)
    const [first, second] = await several(house, person, 2)
    const begun = await feed.next()
    expect(told(begun)).toEqual([
      [second, 'queued', 'Shot 1.'],
      [first, 'queued', 'Shot 0.'],
    ])
    expect(begun.filter(({ event }) => event !== 'generation')).toEqual([
      { event: 'queue', data: { running: 0, waiting: 2 } },
      { event: 'credits', data: { available: 98, at: house.clock.now() } },
    ])
    expect(await feed.next()).toEqual([])

    house.clock.advance(SECOND)
    await house.db.transaction((tx) => advance(tx, first as GenerationId, 'submit', house.clock.now()))
    const moved = await feed.next()
    expect(told(moved)).toEqual([[first, 'running', null]])
    expect(moved.at(-1)).toEqual({ event: 'queue', data: { running: 1, waiting: 1 } })
    expect(await queueOf(house, actor)).toEqual({ running: 1, waiting: 1 })
    expect(await feed.next()).toEqual([])
  })

  test('a stream that begins again an hour later knows what still runs and what has just ended', async () => {
    const { house, person, again } = await aStudio(ground)
    const [old, running, ended] = await several(house, person, 3)
    await cancelGeneration(house, person.id, old as GenerationId)
    house.clock.advance(60 * MINUTE)
    await endFailed(house, ended as GenerationId, 'timeout')
    expect(told(await again().next()).map(([id, status]) => [id, status])).toEqual([
      [running, 'queued'],
      [ended, 'failed'],
    ])
  })

  test('credits that come back are told with the end, and nothing of other people', async () => {
    const { house, person, feed } = await aStudio(ground)
    const [id] = await several(house, person, 1)
    await feed.next()
    await several(house, await aPerson(house), 1)
    expect(await feed.next()).toEqual([])
    await endFailed(house, id as GenerationId, 'media_failed')
    const end = await feed.next()
    expect(end.map(({ event }) => event)).toEqual(['generation', 'queue', 'credits'])
    expect(end[0]?.data).toMatchObject({
      status: 'failed',
      reason: { text: expect.stringContaining('back') },
    })
    expect(end[2]?.data).toMatchObject({ available: 100 })
  })

  test('ends with its session, and says nothing more', async () => {
    const { house, person, feed, endSession, ended } = await aStudio(ground)
    await feed.next()
    await several(house, person, 1)
    await endSession()
    expect(await feed.next()).toEqual([])
    expect(ended()).toBe(true)
  })
})

test('of two views the newer wins, and keeps the prompt that it came without', async () => {
  const { house, person, actor } = await aStudio('sqlite')
  await several(house, person, 1)
  const { creations } = await pageOfCreations(house, actor, { limit: 1 })
  const shown = creations[0]
  if (!shown) throw new Error('Nothing was made')
  const later = { ...shown, seq: shown.seq + 1, prompt: null, status: 'running' as const }
  expect(newerOf(shown, later)).toEqual({ ...later, prompt: 'Shot 0.' })
  expect(newerOf(later, shown)).toBe(later)
  expect(newerOf(shown, { ...shown, updatedAt: shown.updatedAt + 1, saved: true }).saved).toBe(true)
  expect(newerOf(shown, { ...later, status: 'removed' }).prompt).toBeNull()
})

async function aStudio(ground: 'sqlite' | 'postgres') {
  const house = await aHouse(ground)
  const person = await aPerson(house, { credits: 100 })
  const actor = { kind: 'person', id: person.id } as const
  const sessions = openSessions(house, house.config.appUrl)
  const { cookie } = await sessions.start(person.id, { authMethod: 'password', deviceClass: 'desktop' })
  const session = await sessions.read(cookie.split(';')[0])
  if (!session) throw new Error('Not signed in')
  let over = false
  const again = () =>
    liveFeed(house, { actor, sessionId: session.id }, () => {
      over = true
    })
  return {
    house,
    person,
    actor,
    again,
    feed: again(),
    endSession: () => sessions.end(session),
    ended: () => over,
  }
}

async function several(house: TestHouse, { id }: TestPerson, count: number): Promise<GenerationId[]> {
  const made: GenerationId[] = []
  for (let at = 0; at < count; at++) {
    house.clock.advance(1)
    const input = { model: 'storyboard', prompt: `Shot ${at}.`, seconds: 2, resolution: '480p' }
    made.push(await compose(house, { subject: id, apiKey: null }, input))
  }
  return made
}

function told(events: Awaited<ReturnType<ReturnType<typeof liveFeed>['next']>>) {
  return events.flatMap((one) =>
    one.event === 'generation' ? [[one.data.id, one.data.status, one.data.prompt] as const] : [],
  )
}
