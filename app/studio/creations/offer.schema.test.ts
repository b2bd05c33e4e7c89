import { describe, expect, test } from 'vitest'
import { shipped } from '#app/studio/catalogue/models/all.ts'
import { type Job, type Made, type ModelRecord, priceOf } from '#app/studio/catalogue/record.ts'
import type { InputRole } from '#core/db/schema/studio.ts'
import {
  fittedTo,
  lengthsOf,
  mentionOf,
  modeIn,
  type Offer,
  problemsOf,
  quoteOf,
  waysOf,
} from './offer.schema.ts'

/**
 * Pins: a form that offers what its model refuses; a wish of another model's that is sent as it was; a price on the button
 * that is not the price; a mode made of files that are not in sight; a combination that is found out only once it is sent.
 */
const CENT = 10_000

function model(id: string): ModelRecord {
  const found = shipped.find((one) => one.id === id)
  if (!found) throw new Error(`There is no ${id}`)
  return found
}

/** Every route usable, as if all its providers were connected. */
function offered(record: ModelRecord): Pick<Offer, 'record' | 'routes'> {
  const keeps = { says: 'Nothing.', days: 0, trains: 'no', deletes: 'nothing' } as const
  const routes = record.routes.map((route) => ({
    record: route,
    unusable: null,
    position: null,
    id: route.provider,
    title: route.provider,
    where: 'elsewhere' as const,
    company: '',
    country: 'SG',
    keeps,
  }))
  return { record, routes }
}

function jobOf(record: ModelRecord, wish: Parameters<typeof fittedTo>[1] = {}, roles: InputRole[] = []): Job {
  const [way] = waysOf(offered(record))
  const mode = modeIn(record, roles.length > 0 ? way : undefined, roles)
  return {
    settings: { ...fittedTo(record, wish), mode },
    inputs: roles.map((role) => ({ role, seconds: null })),
  }
}

describe('a provider that continues only its own', () => {
  const record = model('veo-3.1')
  const all = offered(record)
  const alone = offered({ ...record, routes: record.routes.slice(0, 1) as ModelRecord['routes'] })
  const own = { provider: 'kie', model: 'veo-3.1-fast', resolution: '720p', days: 2 } as const
  const job = (made?: Made): Job => ({
    settings: { ...fittedTo(record, { seconds: 7, resolution: '720p' }), mode: 'extend' },
    inputs: [{ role: 'extend', seconds: 8, ...(made ? { made } : {}) }],
  })

  test('is offered for a video that its connection made, while it is kept and as it came', () => {
    expect(problemsOf(record, job(own))).toEqual([])
    // $1.25 with a quarter on top, at a cent a credit.
    expect(quoteOf(alone, job(own), CENT)).toMatchObject({ credits: 157, routes: [{ id: 'kie' }] })
    for (const other of [
      undefined,
      { ...own, provider: 'kie-2' },
      { ...own, model: 'kling-3.0' },
      { ...own, resolution: '1080p' as const },
      { ...own, days: 13.1 },
    ]) {
      expect(quoteOf(alone, job(other), CENT)).toBeUndefined()
      expect(quoteOf(all, job(other), CENT)?.routes.map(({ id }) => id)).toEqual(['fal'])
    }
    expect(
      quoteOf(all, job(own), CENT)
        ?.routes.map(({ id }) => id)
        .sort(),
    ).toEqual(['fal', 'kie'])
  })

  test('takes no clip of anybody else’s, so none is asked for', () => {
    expect(waysOf(alone)).not.toContain('extend')
    expect(waysOf(alone, true)).toContain('extend')
    expect(waysOf(all)).toContain('extend')
  })
})

describe.each(shipped.map((record) => [record.id, record] as const))('%s', (_, record) => {
  test('begins with what it makes: no problem, a price, and somebody who takes it', () => {
    const job = jobOf(record)
    expect(problemsOf(record, job)).toEqual([])
    const quote = quoteOf(offered(record), job, CENT)
    expect(quote?.credits).toBe(priceOf(record, job, CENT))
    expect(quote?.routes.length).toBeGreaterThan(0)
  })

  test('comes as near to any wish as it can', () => {
    for (const seconds of [0, 1, 7, 9, 11, 600]) {
      const fitted = fittedTo(record, { seconds, aspect_ratio: '21:9', resolution: '360p', audio: false })
      expect(lengthsOf(record)).toContain(fitted.seconds)
      expect(record.aspectRatios).toContain(fitted.aspect_ratio)
      expect(record.resolutions).toContain(fitted.resolution)
      expect(fitted.audio).toBe(record.audio === 'always')
    }
  })
})

test('what does not go together is said by its field before it is sent', () => {
  const veo = model('veo-3.1')
  expect(problemsOf(veo, jobOf(veo, { resolution: '1080p', seconds: 4 })).map(({ field }) => field)).toEqual([
    'seconds',
  ])
  expect(problemsOf(veo, jobOf(veo, { aspect_ratio: 'auto' }))[0]?.field).toBe('aspect_ratio')
  expect(problemsOf(veo, jobOf(veo, { aspect_ratio: 'auto' }, ['first_frame']))).toEqual([])
})

test('a missing file is asked for by its name', () => {
  const veo = model('veo-3.1')
  const textOf = (roles: InputRole[]) =>
    problemsOf(veo, jobOf(veo, {}, roles)).map(({ sentence }) => sentence.text)
  expect(textOf(['last_frame'])).toEqual(['Add the first picture.'])
  expect(textOf(['first_frame', 'last_frame'])).toEqual([])
  const extend: Job = { settings: { ...fittedTo(veo, { seconds: 7 }), mode: modeIn(veo, 'extend', []) } }
  expect(problemsOf(veo, extend).map(({ sentence }) => sentence.text)).toEqual([
    'Add the clip that shall go on.',
  ])
})

test('a model without words alone asks for its picture', () => {
  const record: ModelRecord = {
    ...model('wan-2.2-14b'),
    modes: ['first_frame'],
    inputs: { first_frame: { most: 1 } },
  }
  const mode = modeIn(record, 'frames', [])
  expect(mode).toBe('first_frame')
  const problems = problemsOf(record, { settings: { ...fittedTo(record, {}), mode } })
  expect(problems.map(({ sentence }) => sentence.text)).toEqual(['Add the first picture.'])
})

test('shots are as long together as the video', () => {
  const kling = model('kling-3.0')
  const job = jobOf(kling, { seconds: 8 })
  const fieldsOf = (seconds: number[]) => problemsOf(kling, job, seconds).map(({ field }) => field)
  expect(fieldsOf([3, 5])).toEqual([])
  for (const wrong of [[3, 4], [8], [Number.NaN, 5], [0, 8]])
    expect(fieldsOf(wrong), `${wrong}`).toEqual(['shots'])
})

test('clips of the wrong length, and too many files, are said', () => {
  const seedance = model('seedance-2.0')
  const job = (inputs: Job['inputs']): Job => ({
    settings: { ...fittedTo(seedance, {}), mode: 'references' },
    inputs: inputs ?? [],
  })
  const clip = (seconds: number) => ({ role: 'video' as const, seconds })
  expect(problemsOf(seedance, job([clip(5), clip(9)]))).toEqual([])
  expect(problemsOf(seedance, job([clip(1)]))).toHaveLength(1)
  expect(problemsOf(seedance, job([clip(9), clip(9)]))).toHaveLength(1)
  const many = Array.from({ length: 13 }, () => ({ role: 'image' as const }))
  expect(problemsOf(seedance, job(many))[0]?.sentence.values).toEqual({ most: 12 })
})

test('when no route takes the job there is no price', () => {
  const veo = model('veo-3.1')
  const only = offered(veo)
  // KIE's never goes without sound.
  const kie = { ...only, routes: only.routes.filter(({ id }) => id === 'kie') }
  expect(quoteOf(kie, jobOf(veo, { audio: true }), CENT)?.routes).toHaveLength(1)
  expect(quoteOf(kie, jobOf(veo, { audio: false }), CENT)).toBeUndefined()
})

test('references are named in the order in which they are addressed', () => {
  expect([mentionOf('image', 0), mentionOf('video', 1), mentionOf('first_frame', 0)]).toEqual([
    '@Image1',
    '@Video2',
    undefined,
  ])
})
