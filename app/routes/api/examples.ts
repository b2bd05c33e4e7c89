import { assemble } from '#app/studio/catalogue/live.ts'
import { storyboard } from '#app/studio/catalogue/models/storyboard.ts'
import type { GenerationView } from '#app/studio/generations/view.schema.ts'
import { modelView } from './schemas.ts'

/** Answers as they look, for the document; a test holds each to its schema. */
const queued: GenerationView = {
  id: 'gen_01kb3v9d8qf0hs5y2m7x4ztrae',
  status: 'queued',
  phase: 'queued',
  model: 'storyboard',
  created_at: '2026-11-21T20:00:00.000Z',
  seconds: 5,
  aspect_ratio: '16:9',
  resolution: '720p',
  audio: true,
  seed: 4021873302,
  mode: 'text',
  prompt: 'A lighthouse at dawn. The fog lifts and gulls cross the light.',
  credits: { held: 5, captured: 0 },
  error: null,
  content_url: null,
  poster_url: null,
  preview_url: null,
  provenance: null,
  saved: false,
  expires_at: null,
}

const files = `https://video.example.org/media/${queued.id}`

const ready: GenerationView = {
  ...queued,
  status: 'ready',
  phase: 'ready',
  credits: { held: 0, captured: 5 },
  content_url: `https://video.example.org/api/v1/generations/${queued.id}/content`,
  poster_url: `${files}/poster?expires=1795294800000&sig=Y2FuIG9ubHkgYmUgbWFkZSBieSB0aGUgc2VydmVy`,
  preview_url: `${files}/preview?expires=1795294800000&sig=Y2FuIG9ubHkgYmUgbWFkZSBieSB0aGUgc2VydmVy`,
  provenance: {
    public_id: 'mB0vZ3nq5X2Jc8R1tKfYwA',
    manifest_label: 'urn:c2pa:6f1c9a52-7c0d-4a3e-9a55-0f2f5b1f8f0e',
    signed_at: '2026-11-21T20:00:24.000Z',
    engine: 'native',
    record_url: 'https://video.example.org/v/mB0vZ3nq5X2Jc8R1tKfYwA',
  },
  expires_at: '2026-12-21T20:00:24.000Z',
}

const nothing = { models: [], routes: [], connections: [], processors: [], health: [] }
const onlyBuiltIn = assemble([storyboard], () => false, nothing, 0)

export const examples = {
  request: { model: 'storyboard', prompt: queued.prompt, seconds: 5, resolution: '720p' },
  queued,
  ready,
  page: { data: [ready], next_cursor: null },
  models: { data: onlyBuiltIn.map((model) => modelView(model, 10_000)) },
  reference: {
    id: 'ref_01kb3v9d8qf0hs5y2m7x4ztrae',
    kind: 'picture',
    status: 'ready',
    seconds: null,
    reason: null,
  },
  credits: { balance: 100, held: 5, available: 95 },
  problem: {
    type: 'urn:fairframe:problem:invalid_input',
    title: 'Unprocessable Entity',
    status: 422,
    code: 'invalid_input',
    detail: 'Choose a whole number of seconds from 2 to 10.',
    errors: { seconds: 'Choose a whole number of seconds from 2 to 10.' },
    trace_id: '5f0c9b1d2e3a4f60',
  },
} as const
