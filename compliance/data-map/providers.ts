import { type TableRule, technical } from './rules.ts'

/** Of the house: what the operator set and what we noticed of providers. Nobody's, since it names models and companies. */
const operation = {
  people: { nobody: 'settings and observations of the house, about models and companies' },
  purpose: 'operation',
  basis: 'no personal data',
  recipients: [],
} as const

export const provider_connection = {
  what: 'A provider of models that the operator connected',
  ...operation,
  keep: { always: 'until the operator removes it' },
  columns: {
    id: technical,
    driver: technical,
    title: technical,
    is_on: technical,
    addresses: { ...technical, each: technical },
    settings: { ...technical, each: technical },
    key_sealed: { ...technical, sealed: true },
    key_hint: technical,
    webhook_secret_sealed: { ...technical, sealed: true },
    limits: {
      ...technical,
      keys: { submitsPer10s: technical, pollsPerSecond: technical, inFlight: technical },
    },
    budget_micro_usd: technical,
    tested_at: technical,
    test_error: technical,
    balance_micro_usd: technical,
    balance_at: technical,
    created_at: technical,
    updated_at: technical,
  },
} as const satisfies TableRule<'provider_connection'>

export const processor = {
  what: 'A company that receives personal data for the operator, and under which safeguard',
  ...operation,
  purpose: 'accountability',
  keep: { always: 'the register of processors (GDPR Art. 30(1)(d) and (e))' },
  columns: {
    id: technical,
    name: technical,
    country: technical,
    safeguard: technical,
    agreement_on: technical,
    keeps_says: technical,
    keeps_days: technical,
    trains: technical,
    deletes: technical,
    updated_at: technical,
  },
} as const satisfies TableRule<'processor'>

export const transfer = {
  what: 'One handing over of what a person wrote or gave to a processor',
  people: {
    owner: {
      column: 'subject_id',
      erasure: {
        act: 'keep',
        law: 'GDPR Art. 5(2) and 19: whom to tell of an erasure, and the proof of what was handed over',
        until: '1095 days after it',
      },
    },
  },
  purpose: 'accountability',
  basis: 'legal duty 6(1)(c)',
  keep: { days: 1095, after: 'it' },
  recipients: [],
  columns: {
    id: technical,
    subject_id: technical,
    generation_id: { data: 'usage', export: 'video' },
    attempt_id: technical,
    processor_id: technical,
    processor: { data: 'usage', export: 'received by' },
    country: { data: 'usage', export: 'in' },
    safeguard: { data: 'usage', export: 'safeguard' },
    categories: { data: 'usage', export: 'what', each: { data: 'usage', export: 'what' } },
    at: { data: 'usage', export: 'at' },
    deletion: { data: 'usage', export: 'deleted there' },
    deletion_at: { data: 'usage', export: 'asked to delete at' },
  },
} as const satisfies TableRule<'transfer'>

export const model_setting = {
  what: 'What the operator set of a model',
  ...operation,
  keep: { always: 'until the operator changes it' },
  columns: {
    id: technical,
    record: { ...technical, each: technical },
    is_on: technical,
    price_rule: technical,
    price_version: technical,
    lifecycle: {
      ...technical,
      keys: { state: technical, sunsetOn: technical, replacement: technical },
    },
    most_seconds: technical,
    most_live: technical,
    updated_at: technical,
  },
} as const satisfies TableRule<'model_setting'>

export const route_setting = {
  what: 'What the operator set of a way to run a model',
  ...operation,
  keep: { always: 'until the operator changes it' },
  columns: {
    model: technical,
    route: technical,
    is_on: technical,
    position: technical,
    cost_rule: technical,
    cost_version: technical,
    updated_at: technical,
  },
} as const satisfies TableRule<'route_setting'>

export const route_health = {
  what: 'How a way to run a model fared last',
  ...operation,
  keep: { always: 'one row for each route' },
  columns: {
    model: technical,
    route: technical,
    failures_in_row: technical,
    open_until: technical,
    last_error: technical,
    last_error_at: technical,
    last_success_at: technical,
  },
} as const satisfies TableRule<'route_health'>

export const provider_pace = {
  what: 'When a provider may be asked next',
  ...operation,
  keep: { always: 'two rows for each provider' },
  columns: { provider: technical, lane: technical, next_at: technical },
} as const satisfies TableRule<'provider_pace'>

export const webhook_delivery = {
  what: 'That a webhook was believed, so that its repeat is told',
  ...operation,
  keep: { days: 7, after: 'it came' },
  columns: { provider: technical, delivery: technical, at: technical },
} as const satisfies TableRule<'webhook_delivery'>

export const provider_reading = {
  what: 'The balance that a provider told, next to what we counted',
  ...operation,
  keep: { days: 1095, after: 'it was read' },
  columns: {
    provider: technical,
    at: technical,
    balance_micro_usd: technical,
    counted_micro_usd: technical,
    drift_micro_usd: technical,
  },
} as const satisfies TableRule<'provider_reading'>

export const offer = {
  what: 'A model that a provider lists',
  ...operation,
  keep: { always: 'until the provider lists it no more' },
  columns: { provider: technical, offer: technical, title: technical, price: technical, seen_at: technical },
} as const satisfies TableRule<'offer'>

export const offer_change = {
  what: 'Something that changed in what a provider lists',
  ...operation,
  keep: { days: 365, after: 'it was noticed' },
  columns: {
    id: technical,
    provider: technical,
    offer: technical,
    kind: technical,
    was: technical,
    is_now: technical,
    at: technical,
    dismissed_at: technical,
  },
} as const satisfies TableRule<'offer_change'>
