/**
 * Pins: an address that works and is not documented, or is documented and does not work; an example that its own schema
 * refuses; a reference in the document that leads nowhere.
 */
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { shipped } from '#app/studio/catalogue/models/all.ts'
import { storyboard } from '#app/studio/catalogue/models/storyboard.ts'
import { generationSchema } from '#app/studio/generations/generation.schema.ts'
import { aHouse } from '#test/factories/house.ts'
import { apiDocument } from './document.ts'
import { endpoints } from './endpoints.ts'
import { examples } from './examples.ts'
import { api } from './routes.ts'
import { problemSchema } from './schemas.ts'
import { anApi } from './testing.ts'

const document = apiDocument(new URL('https://video.example.org'), [storyboard])

test('routes and document name the same addresses, methods and scopes', async () => {
  const live = new Map<string, unknown>()
  for (const { path, file } of api) {
    const { loader } = await import(join(import.meta.dirname, '../..', file))
    if (path === '/api/*') continue
    live.set(path?.replaceAll(/:(\w+)/g, '{$1}') ?? '', [
      loader.endpoint,
      [...loader.methods].sort(),
      loader.guard,
    ])
  }
  const documented = new Map<string, unknown>()
  for (const { path } of endpoints) {
    const here = endpoints.filter((endpoint) => endpoint.path === path)
    const guard = here.every(({ scope }) => scope) ? 'api_key' : 'anyone'
    documented.set(path, [path, here.map(({ method }) => method).sort(), guard])
  }
  expect(documented).toEqual(live)
  expect(Object.keys(document.paths).sort()).toEqual([...live.keys()].sort())
})

test('the scope that is documented is the one that is asked for', async () => {
  const house = await aHouse()
  const asker = await anApi(house)
  const { aPerson } = await import('#test/factories/house.ts')
  const ana = await aPerson(house)
  for (const scope of ['generations:read', 'generations:write'] as const) {
    const key = await asker.keyOf(ana.id, [scope])
    for (const endpoint of endpoints) {
      if (!endpoint.scope) continue
      const path = endpoint.path.replace('{id}', 'gen_01kb3v9d8qf0hs5y2m7x4ztrae')
      const body = endpoint.body ? { body: {} } : {}
      const { status } = await asker.ask(path, { key, method: endpoint.method, ...body })
      expect([endpoint.method, path, status === 403]).toEqual([
        endpoint.method,
        path,
        endpoint.scope !== scope,
      ])
    }
  }
})

test('every example fits its schema', () => {
  for (const { name, answer } of endpoints) {
    if (!answer.schema) continue
    const result = answer.schema.safeParse(answer.example)
    expect([name, result.error?.message]).toEqual([name, undefined])
  }
  expect(problemSchema.safeParse(examples.problem).success).toBe(true)
  expect(generationSchema(storyboard).safeParse(examples.request).success).toBe(true)
})

test('a model that takes clips says that one’s own videos are some; another does not', () => {
  const veo = shipped.filter(({ id }) => id === 'veo-3.1')
  const { GenerationRequest } = apiDocument(new URL('https://video.example.org'), veo).components.schemas
  const files = (GenerationRequest as { properties: { inputs: { items: { anyOf: object[] } } } }).properties
    .inputs
  expect(files.items.anyOf).toMatchObject([
    { required: ['role', 'reference_id'] },
    { required: ['role', 'generation_id'], properties: { role: { enum: ['video', 'extend'] } } },
  ])
  expect(JSON.stringify(document.components.schemas)).not.toContain('generation_id')
})

test('is OpenAPI 3.1 that anybody can read, whose references lead somewhere', async () => {
  const house = await aHouse()
  const { ask, logged } = await anApi(house)
  const response = await ask('/api/v1/openapi.json')
  expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'public, max-age=300'])
  const served = (await response.json()) as typeof document
  expect(served.openapi).toBe('3.1.0')
  expect(served.servers).toEqual([{ url: 'http://localhost:3000' }])
  for (const [, name] of JSON.stringify(served).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g))
    expect(Object.keys(served.components.schemas)).toContain(name)
  const operations = Object.values(served.paths).flatMap(
    (one) => Object.values(one) as { operationId: string }[],
  )
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(endpoints.length)
  expect(served.components.schemas.GenerationRequest).toMatchObject({
    required: ['model', 'prompt'],
    additionalProperties: false,
    properties: {
      seconds: { minimum: 2, maximum: 10, default: 5 },
      prompt: { type: 'string', maxLength: 2000 },
    },
  })
  expect((await logged()).length).toBe(1)
})
