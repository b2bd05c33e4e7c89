import { type TableRule, technical } from './rules.ts'

const ownRow = { owner: { column: 'subject_id', erasure: { act: 'delete' } } } as const
const making = {
  people: ownRow,
  purpose: 'making_videos',
  basis: 'contract 6(1)(b)',
  keep: { for: 'creation' },
  recipients: [],
} as const
const setting = { data: 'settings', export: 'settings' } as const

export const generation = {
  what: 'A video that was asked for: the prompt, the settings and how it went',
  ...making,
  columns: {
    id: { data: 'content', export: 'id' },
    subject_id: technical,
    api_key_id: { data: 'usage', export: 'made with key' },
    key_id: technical,
    model: { data: 'settings', export: 'model' },
    state: { data: 'content', export: 'state' },
    prompt_sealed: { data: 'content', export: 'prompt', sealed: true },
    texts_sealed: { data: 'content', export: 'negative prompt and shots', sealed: true },
    settings: {
      ...setting,
      keys: {
        seconds: { data: 'settings', export: 'seconds' },
        aspect_ratio: { data: 'settings', export: 'aspect ratio' },
        resolution: { data: 'settings', export: 'resolution' },
        audio: { data: 'settings', export: 'sound' },
        seed: { data: 'settings', export: 'seed' },
        mode: { data: 'settings', export: 'mode' },
        shots: { data: 'settings', export: 'shots' },
      },
    },
    price: { data: 'credits', export: 'price in credits' },
    quote: {
      data: 'credits',
      export: 'what was agreed',
      keys: {
        price_version: { data: 'credits', export: 'version of the price' },
        rule: { data: 'credits', export: 'rule of the price' },
        credits: { data: 'credits', export: 'credits' },
        cost_micro_usd: {
          data: 'credits',
          export: { withheld: 'is what the operator pays, not the person' },
        },
        routes: { data: 'usage', export: 'providers that were named' },
      },
    },
    credit_hold_id: technical,
    error_code: { data: 'content', export: 'error' },
    attempts: technical,
    seq: technical,
    created_at: { data: 'content', export: 'asked for at' },
    updated_at: { data: 'content', export: 'changed at' },
    started_at: { data: 'content', export: 'begun at' },
    ended_at: { data: 'content', export: 'ended at' },
    deadline_at: technical,
    saved_at: { data: 'content', export: 'saved at' },
    expires_at: { data: 'content', export: 'goes at' },
    expiry_told: technical,
  },
} as const satisfies TableRule<'generation'>

export const generation_event = {
  what: 'One step of a video being made',
  ...making,
  columns: {
    generation_id: { data: 'content', export: 'video' },
    seq: { data: 'content', export: 'step' },
    subject_id: technical,
    state: { data: 'content', export: 'state' },
    phase: { data: 'content', export: 'phase' },
    at: { data: 'content', export: 'at' },
  },
} as const satisfies TableRule<'generation_event'>

export const generation_input = {
  what: 'Which references and earlier videos a video was made from, and what each was for',
  ...making,
  columns: {
    generation_id: { data: 'content', export: 'video' },
    subject_id: technical,
    role: { data: 'content', export: 'role' },
    position: { data: 'content', export: 'position' },
    reference_id: { data: 'content', export: 'reference' },
    source_id: { data: 'content', export: 'earlier video' },
  },
} as const satisfies TableRule<'generation_input'>

export const attempt = {
  what: 'One try at a provider, written down before it is made',
  ...making,
  columns: {
    id: technical,
    generation_id: { data: 'content', export: 'video' },
    subject_id: technical,
    number: { data: 'usage', export: 'try' },
    provider: { data: 'usage', export: 'provider' },
    provider_job: technical,
    route: {
      data: 'usage',
      export: 'route',
      keys: {
        provider: { data: 'usage', export: 'provider' },
        model: { data: 'usage', export: 'model' },
        version: { data: 'usage', export: 'version' },
        route: { data: 'usage', export: 'route' },
        driver: technical,
        endpoint: technical,
        cost_version: technical,
      },
    },
    memo: { ...technical, each: technical },
    state: { data: 'usage', export: 'state' },
    error_class: { data: 'usage', export: 'error' },
    error_code: technical,
    cost_expected: technical,
    cost_charged: technical,
    started_at: { data: 'usage', export: 'begun at' },
    accepted_at: { data: 'usage', export: 'taken at' },
    woken_at: technical,
    poll_at: technical,
    poll_failures: technical,
    ended_at: { data: 'usage', export: 'ended at' },
  },
} as const satisfies TableRule<'attempt'>

export const reference = {
  what: 'A picture, clip or sound that was given to make a video from',
  ...making,
  keep: { for: 'reference' },
  columns: {
    id: { data: 'content', export: 'id' },
    subject_id: technical,
    key_id: technical,
    kind: { data: 'content', export: 'kind' },
    state: { data: 'content', export: 'state' },
    error_code: { data: 'content', export: 'error' },
    created_at: { data: 'content', export: 'added at' },
  },
} as const satisfies TableRule<'reference'>

export const asset = {
  what: 'A stored file, sealed under the key of the video or reference it belongs to',
  ...making,
  columns: {
    id: { data: 'content', export: 'file' },
    subject_id: technical,
    generation_id: { data: 'content', export: 'video' },
    reference_id: { data: 'content', export: 'reference' },
    key_id: technical,
    kind: { data: 'content', export: 'kind' },
    object_key: technical,
    media_type: { data: 'content', export: 'type' },
    size: { data: 'content', export: 'bytes' },
    sha256: { data: 'content', export: 'sha-256' },
    width: { data: 'content', export: 'width' },
    height: { data: 'content', export: 'height' },
    duration_ms: { data: 'content', export: 'milliseconds' },
    created_at: { data: 'content', export: 'stored at' },
  },
} as const satisfies TableRule<'asset'>

export const stamp = {
  what: 'The provenance that was signed into a file',
  ...making,
  columns: {
    asset_id: { data: 'content', export: 'file' },
    generation_id: { data: 'content', export: 'video' },
    subject_id: technical,
    public_id: { data: 'content', export: 'public id' },
    manifest_label: { data: 'content', export: 'manifest' },
    manifest: { data: 'content', export: { withheld: 'is inside the video itself' } },
    sha256: { data: 'content', export: 'sha-256' },
    certificate_sha256: technical,
    engine: technical,
    signed_at: { data: 'content', export: 'signed at' },
  },
} as const satisfies TableRule<'stamp'>

export const screening = {
  what: 'What looked at a prompt, a reference or a video, and what it said',
  ...making,
  purpose: 'safety',
  basis: 'legitimate interests 6(1)(f)',
  columns: {
    id: technical,
    generation_id: { data: 'screening', export: 'video' },
    reference_id: { data: 'screening', export: 'reference' },
    subject_id: technical,
    what: { data: 'screening', export: 'looked at' },
    looked_by: { data: 'screening', export: 'looked by' },
    verdict: { data: 'screening', export: 'verdict' },
    category: { data: 'screening', export: 'category' },
    at: { data: 'screening', export: 'at' },
  },
} as const satisfies TableRule<'screening'>

export const idempotency = {
  what: 'The answer given under an Idempotency-Key, so that a repeated request makes nothing twice',
  ...making,
  keep: { days: 1, after: 'the request' },
  columns: {
    subject_id: technical,
    key_hash: technical,
    body_hash: technical,
    generation_id: technical,
    created_at: technical,
  },
} as const satisfies TableRule<'idempotency'>
