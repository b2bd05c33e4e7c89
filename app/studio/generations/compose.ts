import { createHash } from 'node:crypto'
import { hold } from '#app/billing/ledger/ledger.ts'
import type { House } from '#app/house.ts'
import { modelOf } from '#app/studio/catalogue/catalogue.ts'
import { type ModelRecord, priceOf } from '#app/studio/catalogue/record.ts'
import { ownReference } from '#app/studio/references/references.ts'
import { type Look, looked } from '#compliance/moderation/screening/look.ts'
import { PROMPT_RULES, screenPrompt } from '#compliance/moderation/screening/prompt.ts'
import { SECOND } from '#core/clock/clock.ts'
import { sealText } from '#core/crypto/sealed-text.ts'
import { toJson } from '#core/db/columns.ts'
import type { Tx } from '#core/db/schema/schema.ts'
import type { GenerationSettings, GenerationState, GenerationTable } from '#core/db/schema/studio.ts'
import { AppError } from '#core/errors/errors.ts'
import { say } from '#core/i18n/say.ts'
import { type GenerationId, type IdOf, newId, type SubjectId } from '#core/ids/ids.ts'
import { goesAt } from './advance.ts'
import type { GenerationInput } from './generation.schema.ts'
import { generationSchema } from './generation.schema.ts'
import * as queries from './generations.queries.ts'
import * as repeats from './idempotency.queries.ts'
import { inputErrors } from './input-errors.ts'
import { assertRoom } from './room.ts'

/** How many of one person may wait or run at a time; more would only make the others wait. */
export const mostLive = 20

export interface Composer {
  subject: SubjectId
  apiKey: IdOf<'apiKey'> | null
}

/**
 * Takes what a form or a program asks for: checks it against the model's record, screens the prompt, sets the credits
 * aside and writes row and job in one transaction. A refused prompt makes a `blocked` row that costs nothing, so that
 * the refusal can be seen and appealed. With an idempotency key the same request answers the same generation.
 */
export async function compose(
  house: House,
  composer: Composer,
  input: unknown,
  idempotencyKey?: string,
): Promise<GenerationId> {
  return (await composeShown(house, composer, input, idempotencyKey)).id
}

export interface Composed {
  id: GenerationId
  /** The row as it was written, and its prompt, which is open here anyway. Undefined when an earlier request made it. */
  made?: { row: GenerationTable; prompt: string }
}

/** As `compose`, for whoever shows the generation at once: nothing of it need be read again. */
export async function composeShown(
  house: House,
  composer: Composer,
  input: unknown,
  idempotencyKey?: string,
): Promise<Composed> {
  const { model, parsed } = check(input)
  const repeat = idempotencyKey === undefined ? undefined : repeatOf(composer.subject, idempotencyKey, parsed)
  if (repeat) {
    const known = await repeats.answered(house.db.read, repeat)
    if (known) return { id: known }
  }
  await assertRoom(house)
  const settings = settingsOf(parsed)
  if (parsed.reference_id) await ownReference(house, composer.subject, parsed.reference_id)
  const look = await looked('prompt', PROMPT_RULES, () => screenPrompt(parsed.prompt))
  const wanted = await prepareRow(house, composer, model, parsed, settings)
  try {
    const row = await house.db.together(async (tx) => {
      const written = await write(house, tx, wanted, look)
      if (repeat)
        await repeats.remember(tx, { ...repeat, generation_id: written.id, created_at: written.created_at })
      return written
    })
    return { id: row.id, made: { row, prompt: parsed.prompt } }
  } catch (error) {
    const first =
      repeat && error instanceof repeats.AlreadyAnswered && (await repeats.answered(house.db.read, repeat))
    if (first) return { id: first }
    throw error
  }
}

function check(input: unknown): { model: ModelRecord; parsed: GenerationInput } {
  const id = (input as { model?: unknown } | null)?.model
  const model = typeof id === 'string' ? modelOf(id) : undefined
  if (!model) {
    const sentence = say('There is no such model. Choose one of those listed.')
    throw new AppError('model_unknown', sentence, { status: 422, fields: { model: sentence } })
  }
  const result = generationSchema(model).safeParse(input)
  if (!result.success) throw inputErrors(model, result.error)
  return { model, parsed: result.data }
}

function settingsOf(input: GenerationInput): GenerationSettings {
  return {
    seconds: input.seconds,
    aspect_ratio: input.aspect_ratio as GenerationSettings['aspect_ratio'],
    resolution: input.resolution as GenerationSettings['resolution'],
    audio: input.audio,
    seed: input.seed ?? crypto.getRandomValues(new Uint32Array(1))[0] ?? 0,
  }
}

async function prepareRow(
  { keyring, clock }: House,
  composer: Composer,
  model: ModelRecord,
  input: GenerationInput,
  settings: GenerationSettings,
): Promise<GenerationTable> {
  const now = clock.now()
  const id = newId('generation', now)
  const key = await keyring.create({ class: 'content', subject: composer.subject })
  const place = { table: 'generation', column: 'prompt_sealed', row: id }
  return {
    id,
    subject_id: composer.subject,
    api_key_id: composer.apiKey,
    key_id: key.id,
    model: model.id,
    state: 'queued',
    prompt_sealed: sealText(key, place, input.prompt),
    reference_id: (input.reference_id as GenerationTable['reference_id']) ?? null,
    settings: toJson(settings),
    price: priceOf(model, settings),
    credit_hold_id: null,
    error_code: null,
    attempts: 0,
    seq: 0,
    created_at: now,
    updated_at: now,
    started_at: null,
    ended_at: null,
    deadline_at: now + model.deadlineSeconds * SECOND,
    saved_at: null,
    expires_at: null,
    expiry_told: 0,
  }
}

/** Answers the row as it stands then. */
async function write(house: House, tx: Tx, wanted: GenerationTable, look: Look): Promise<GenerationTable> {
  const now = wanted.created_at
  const refused = look.verdict === 'block'
  const steps: GenerationState[] = refused ? ['blocked'] : ['held', 'queued']
  if (!refused && (await queries.liveCount(tx, wanted.subject_id)) >= mostLive)
    throw new AppError(
      'queue_full',
      say('{most} of your videos are being made already. Wait for one to end.', { most: mostLive }),
      {
        status: 429,
      },
    )
  const row: GenerationTable = {
    ...wanted,
    seq: steps.length,
    ...(refused
      ? {
          state: 'blocked',
          error_code: look.code ?? 'prompt_refused',
          ended_at: now,
          expires_at: goesAt(house),
        }
      : {
          credit_hold_id: await hold(tx, {
            subject: wanted.subject_id,
            generation: wanted.id,
            amount: wanted.price,
            now,
          }),
        }),
  }
  await queries.insert(tx, row)
  await queries.insertEvents(
    tx,
    steps.map((state, i) => ({
      generation_id: row.id,
      seq: i + 1,
      subject_id: row.subject_id,
      state,
      phase: state,
      at: now,
    })),
  )
  await queries.insertScreening(tx, {
    id: newId('screening', now),
    generation_id: row.id,
    reference_id: null,
    subject_id: row.subject_id,
    what: 'prompt',
    looked_by: look.by,
    verdict: look.verdict,
    category: look.category ?? null,
    at: now,
  })
  if (!refused)
    await house.queue.enqueue(tx, {
      queue: 'generation.run',
      payload: { generation_id: row.id },
      subject: row.subject_id,
      dedupeKey: row.id,
    })
  return row
}

function repeatOf(subject: SubjectId, key: string, input: GenerationInput) {
  const hash = (text: string) => createHash('sha256').update(text).digest('base64url')
  return { subject_id: subject, key_hash: hash(key), body_hash: hash(JSON.stringify(input)) }
}
