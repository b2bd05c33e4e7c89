import type { z } from 'zod'
import type { Method } from '#app/http/api.ts'
import { generationViewSchema } from '#app/studio/generations/view.schema.ts'
import type { ApiScope } from '#core/db/schema/accounts.ts'
import { examples } from './examples.ts'
import { referenceSchema } from './reference-view.ts'
import {
  creditsSchema,
  generationPageSchema,
  longestIdempotencyKey,
  modelListSchema,
  mostInPage,
} from './schemas.ts'

/** Every address of the API: what it is for, what it takes, what it answers and how it refuses. */
export interface Endpoint {
  path: string
  method: Method
  /** Undefined where no key is needed. */
  scope: ApiScope | undefined
  name: string
  summary: string
  parameters?: Parameter[]
  body?: 'generation' | 'file'
  answer: { status: number; says: string; schema?: z.ZodType; example?: unknown; media?: 'video/mp4' }
  /** Codes beside those that every call with a key may meet. */
  errors: { status: number; code: string; empty?: true }[]
}

interface Parameter {
  in: 'path' | 'query' | 'header'
  name: string
  says: string
  schema: Record<string, unknown>
}

const id: Parameter = {
  in: 'path',
  name: 'id',
  says: 'The id that making it answered.',
  schema: { type: 'string' },
}
const unknown = { status: 404, code: 'not_found' }

export const endpoints: readonly Endpoint[] = [
  {
    path: '/api/v1/generations',
    method: 'POST',
    scope: 'generations:write',
    name: 'makeGeneration',
    summary:
      'Makes a video. The answer comes at once; ask for the generation again until it is ready. It is made from a prompt, from files that were sent (reference_id), and with role extend or video from a video of yours that is ready (generation_id). A prompt that the rules refuse is answered with status blocked, and costs nothing.',
    parameters: [
      {
        in: 'header',
        name: 'Idempotency-Key',
        says: 'Any text of your own. The same key with the same body answers the same generation, for a day.',
        schema: { type: 'string', minLength: 1, maxLength: longestIdempotencyKey },
      },
    ],
    body: 'generation',
    answer: {
      status: 202,
      says: 'Taken. Its address is in Location.',
      schema: generationViewSchema,
      example: examples.queued,
    },
    errors: [
      { status: 400, code: 'malformed_json' },
      { status: 402, code: 'insufficient_credits' },
      { status: 404, code: 'reference_unknown' },
      { status: 409, code: 'idempotency_key_reused' },
      { status: 413, code: 'body_too_large' },
      { status: 415, code: 'unsupported_media_type' },
      { status: 422, code: 'invalid_input' },
      { status: 429, code: 'queue_full' },
    ],
  },
  {
    path: '/api/v1/generations',
    method: 'GET',
    scope: 'generations:read',
    name: 'listGenerations',
    summary: 'Your videos, newest first. Those that were removed or have expired are left out.',
    parameters: [
      {
        in: 'query',
        name: 'limit',
        says: 'How many at most.',
        schema: { type: 'integer', minimum: 1, maximum: mostInPage, default: 20 },
      },
      { in: 'query', name: 'cursor', says: 'next_cursor of the page before.', schema: { type: 'string' } },
    ],
    answer: { status: 200, says: 'A page.', schema: generationPageSchema, example: examples.page },
    errors: [{ status: 422, code: 'invalid_query' }],
  },
  {
    path: '/api/v1/generations/{id}',
    method: 'GET',
    scope: 'generations:read',
    name: 'getGeneration',
    summary: 'How a video stands.',
    parameters: [id],
    answer: { status: 200, says: 'The generation.', schema: generationViewSchema, example: examples.ready },
    errors: [unknown],
  },
  {
    path: '/api/v1/generations/{id}',
    method: 'DELETE',
    scope: 'generations:write',
    name: 'removeGeneration',
    summary:
      'Stops it if it is still being made, gives the credits back, and destroys its key: prompt and files are unreadable from then on.',
    parameters: [id],
    answer: { status: 204, says: 'It is gone.' },
    errors: [unknown, { status: 409, code: 'not_cancellable' }],
  },
  {
    path: '/api/v1/generations/{id}/content',
    method: 'GET',
    scope: 'generations:read',
    name: 'getContent',
    summary: 'The signed video. Takes Range, If-Range and If-None-Match (RFC 9110).',
    parameters: [
      id,
      { in: 'header', name: 'Range', says: 'One range of bytes.', schema: { type: 'string' } },
    ],
    answer: { status: 200, says: 'The video; 206 for a part of it.', media: 'video/mp4' },
    errors: [unknown, { status: 416, code: 'range_outside', empty: true }],
  },
  {
    path: '/api/v1/references',
    method: 'POST',
    scope: 'generations:write',
    name: 'addReference',
    summary:
      'Takes a picture, clip or sound to make videos from, as the body itself. It is decoded and encoded anew without metadata; what was sent is not kept. Unused it goes after a day.',
    body: 'file',
    answer: {
      status: 201,
      says: 'Ready. 202 for a clip or sound that is still being read.',
      schema: referenceSchema,
      example: examples.reference,
    },
    errors: [
      { status: 413, code: 'reference_too_large' },
      { status: 415, code: 'unsupported_media_type' },
      { status: 422, code: 'reference_empty' },
    ],
  },
  {
    path: '/api/v1/references/{id}',
    method: 'GET',
    scope: 'generations:read',
    name: 'getReference',
    summary: 'Whether a file can be used.',
    parameters: [{ ...id, says: 'The id that sending it answered.' }],
    answer: { status: 200, says: 'The reference.', schema: referenceSchema, example: examples.reference },
    errors: [{ status: 404, code: 'reference_unknown' }],
  },
  {
    path: '/api/v1/models',
    method: 'GET',
    scope: 'generations:read',
    name: 'listModels',
    summary: 'What there is to make videos with: limits and price.',
    answer: { status: 200, says: 'All models.', schema: modelListSchema, example: examples.models },
    errors: [],
  },
  {
    path: '/api/v1/credits',
    method: 'GET',
    scope: 'generations:read',
    name: 'getCredits',
    summary: 'How many credits you have.',
    answer: { status: 200, says: 'Your credits.', schema: creditsSchema, example: examples.credits },
    errors: [],
  },
  {
    path: '/api/v1/openapi.json',
    method: 'GET',
    scope: undefined,
    name: 'getDocument',
    summary: 'This document.',
    answer: { status: 200, says: 'OpenAPI 3.1.' },
    errors: [],
  },
]

/** What every call with a key may meet. */
export const keyErrors = [
  { status: 401, code: 'unauthorized' },
  { status: 403, code: 'missing_scope' },
  { status: 429, code: 'too_many' },
]
