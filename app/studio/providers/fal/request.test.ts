/**
 * Jobs as inputs of fal's endpoints. It pins: a number where the endpoint wants a text (Kling, Seedance) or the reverse
 * (Wan, LTX: 422 at fal), a field of one mode in another, a file without a place silently left out.
 */
import { describe, expect, test } from 'vitest'
import type { InputRole } from '#core/db/schema/studio.ts'
import { falModels, faultsIn } from '#test/doubles/providers/fal-models.ts'
import { aProviderJob } from '#test/factories/provider-job.ts'
import type { InputFile } from '../provider.ts'
import { endpoint } from './endpoint.ts'
import { type Case, cases } from './request.testing.ts'
import { planRequest } from './request.ts'

const kinds = {
  image: 'picture',
  first_frame: 'picture',
  last_frame: 'picture',
  video: 'clip',
  extend: 'clip',
} as const

function file(role: InputRole, index: number): InputFile {
  const kind = role === 'audio' ? 'sound' : kinds[role]
  const mediaType = { picture: 'image/png', clip: 'video/mp4', sound: 'audio/wav' }[kind]
  return { role, kind, path: '/nowhere', mediaType, size: 1, name: `${role}-${index}` }
}

async function bodyOf({ roles = [], settings = {}, ...job }: Case) {
  const whole = await aProviderJob({ prompt: 'A lamp.', ...job, inputs: roles.map(file) })
  const plan = planRequest({ ...whole, settings: { ...whole.settings, ...settings, mode: whole.mode } })
  return { id: plan.id, input: plan.body((input) => `https://files/${input.name}`) }
}

const record = (dialect: string, mode: string, id: string, fixed = {}) => ({
  dialect,
  ids: { [mode]: id },
  fixed,
})

describe('each family in each of its modes', () => {
  test.each(cases)('%s at %s (%o)', async (dialect, id, job, expected) => {
    const made = await bodyOf({ ...job, endpoint: record(dialect, job.mode ?? 'text', id) })
    expect(made).toEqual({ id, input: expected })
    const model = falModels[id]
    if (!model) throw new Error(`The double does not know ${id}`)
    expect(faultsIn(model, made.input)).toBeUndefined()
  })
})

test('what the record fixes is always sent', async () => {
  const made = await bodyOf({
    endpoint: record('veo', 'text', 'fal-ai/veo3.1', { auto_fix: false }),
    settings: { seconds: 8 },
  })
  expect(made.input.auto_fix).toBe(false)
})

test('an aspect ratio of "auto" is left out where the endpoint has none', async () => {
  const made = await bodyOf({
    endpoint: record('veo', 'text', 'fal-ai/veo3.1'),
    settings: { aspect_ratio: 'auto' },
  })
  expect(made.input).not.toHaveProperty('aspect_ratio')
})

test.each<[string, Case]>([
  ['a mode the record has no endpoint for', { mode: 'extend', roles: ['extend'] }],
  ['a missing picture', { mode: 'first_frame' }],
  ['a file without a place', { mode: 'text', roles: ['image'] }],
  ['two pictures for one place', { mode: 'first_frame', roles: ['first_frame', 'first_frame'] }],
  ['references without any', { mode: 'references' }],
  ['a record of another driver', { endpoint: { model: 'sora-2' } }],
])('%s is refused before anything is sent', async (_, wanted) => {
  const ids = {
    text: 'fal-ai/veo3.1',
    first_frame: 'fal-ai/veo3.1/image-to-video',
    references: 'fal-ai/veo3.1/reference-to-video',
  }
  await expect(bodyOf({ endpoint: { dialect: 'veo', ids }, ...wanted })).rejects.toMatchObject({
    errorClass: 'invalid_input',
    accepted: 'no',
  })
})

test.each([
  ['no endpoint at all', { dialect: 'veo', ids: {} }],
  ['an unknown family', { dialect: 'pika', ids: { text: 'fal-ai/pika' } }],
  ['an address that leads elsewhere', { dialect: 'veo', ids: { text: 'fal-ai/../requests' } }],
  ['a query', { dialect: 'veo', ids: { text: 'fal-ai/veo?x=1' } }],
  ['a field nobody knows', { dialect: 'veo', ids: { text: 'fal-ai/veo3.1' }, key: 'x' }],
])('a record with %s is refused', (_, value) => {
  expect(endpoint.safeParse(value).success).toBe(false)
})
