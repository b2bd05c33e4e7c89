/** Failures this pins: a manifest that breaks the rules readers are tested with, or says more than it may. */
import { describe, expect, test } from 'vitest'
import { manifestFor, reverseDomain, type StampInput } from './manifest.ts'
import { statement } from './testing.ts'

interface Assertion {
  readonly label: string
  readonly data: Record<string, unknown>
}
const assertionsOf = (input: StampInput) =>
  manifestFor(input, 'video/mp4').definition.assertions as Assertion[]
const assertion = (input: StampInput, label: string) =>
  assertionsOf(input).find((each) => each.label === label)?.data

test('says that it was created, first of all, by what, when and from which kind of source', () => {
  expect(assertion(statement, 'c2pa.actions.v2')).toEqual({
    actions: [
      {
        action: 'c2pa.created',
        digitalSourceType: 'http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia',
        softwareAgent: { name: 'Built-in renderer', version: '1.0' },
        when: '2026-11-20T09:30:00.000Z',
      },
    ],
    allActionsIncluded: true,
  })
  const { definition } = manifestFor(statement, 'video/mp4')
  expect(definition.claim_generator_info).toEqual([
    { name: 'Fairframe', version: expect.any(String), specVersion: '2.4' },
  ])
  expect(definition.title).toBe('Generated video')
  expect(manifestFor(statement, 'image/png').definition.title).toBe('Generated picture')
})

test('each file that it was made from is a statement that there was one of its kind and type, and no more', () => {
  const madeFrom = [
    { kind: 'picture', format: 'image/png' },
    { kind: 'clip', format: 'video/mp4' },
    { kind: 'sound', format: 'audio/mpeg' },
    { kind: 'own_video' },
  ] as const
  const { ingredients } = manifestFor({ ...statement, madeFrom }, 'video/mp4')
  const says = (n: number, title: string, format?: string) => {
    const label = `source-${n}`
    const json = { title, ...(format && { format }), relationship: 'inputTo', label, instance_id: label }
    return { json }
  }
  expect(ingredients).toEqual([
    says(1, 'Reference image', 'image/png'),
    says(2, 'Reference video', 'video/mp4'),
    says(3, 'Reference audio', 'audio/mpeg'),
    says(4, 'Earlier video'),
  ])
  expect(assertion({ ...statement, madeFrom }, 'c2pa.actions.v2')?.actions).toMatchObject([
    { parameters: { ingredientIds: ['source-1', 'source-2', 'source-3', 'source-4'] } },
  ])
  expect(manifestFor({ ...statement, madeFrom: [] }, 'video/mp4').ingredients).toEqual([])
})

test('that nothing else was done is said only of what a program of ours drew and nothing touched since', () => {
  const trained = { ...statement, model: { name: 'Aurora', version: '2', kind: 'trained' } } as const
  const parent = { path: '/a.mp4', format: 'video/mp4' } as const
  const all = (...[input, original]: [StampInput, Parameters<typeof manifestFor>[2]?]) =>
    (manifestFor(input, 'video/mp4', original).definition.assertions as Assertion[])[0]?.data
      .allActionsIncluded
  expect(all(statement)).toBe(true)
  expect(all(trained)).toBe(false)
  expect(all(statement, { since: 'repackaged' })).toBe(false)
  expect(all(statement, { parent })).toBe(false)
})

test('encoding anew is said, with a parent and without one', () => {
  const parent = { path: '/a.mp4', format: 'video/mp4' } as const
  const actions = (original: Parameters<typeof manifestFor>[2]) => {
    const [first] = manifestFor(statement, 'video/mp4', original).definition.assertions as Assertion[]
    return (first?.data.actions as { action: string }[] | undefined)?.map(({ action }) => action)
  }
  expect(actions({ since: 'transcoded' })).toEqual(['c2pa.created', 'c2pa.converted'])
  expect(actions({ since: 'repackaged' })).toEqual(['c2pa.created'])
  expect(actions({ since: 'transcoded', parent })).toEqual([
    'c2pa.opened',
    'c2pa.transcoded',
    'c2pa.published',
  ])
})

test('training is refused unless allowed; mining and inference are refused always', () => {
  const use = (input: StampInput) =>
    Object.entries(assertion(input, 'cawg.training-mining')?.entries as Record<string, { use: string }>)
      .filter((entry) => entry[1].use === 'allowed')
      .map(([key]) => key)
  expect(use(statement)).toEqual([])
  expect(use({ ...statement, trainingAllowed: true })).toEqual([
    'cawg.ai_generative_training',
    'cawg.ai_training',
  ])
})

test('labels of our own carry a domain, turned round', () => {
  expect(reverseDomain('Video.Example.org:8443')).toBe('org.example.video')
  expect(reverseDomain('bücher.example')).toBe('example.xn--bcher-kva')
  expect(reverseDomain('127.0.0.1:3000')).toBe('localhost')
  expect(reverseDomain('[::1]:3000')).toBe('localhost')
  expect(assertion(statement, 'org.example.video.generation')).toEqual({
    publicId: statement.publicId,
    verifyUrl: statement.verifyUrl,
  })
})

describe('refuses what could carry more than it should', () => {
  test.each(['a', 'cat on a bicycle', 'someone@example.org', 'x'.repeat(65)])(
    'a public id of %j',
    (publicId) => {
      expect(() => manifestFor({ ...statement, publicId }, 'video/mp4')).toThrow(TypeError)
    },
  )
  test.each([
    'file:///data/a.mp4',
    'https://u:p@example.org/v/1',
    'https://s3.example.org/a?X-Amz-Signature=1',
    'v/1',
  ])('a verify address of %j', (verifyUrl) => {
    expect(() => manifestFor({ ...statement, verifyUrl }, 'video/mp4')).toThrow(TypeError)
  })
})
