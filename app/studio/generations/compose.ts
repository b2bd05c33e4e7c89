import { stillActive } from '#app/accounts/subjects.queries.ts'
import { hold } from '#app/billing/ledger/ledger.ts'
import type { House } from '#app/house.ts'
import { siteSettings } from '#app/settings.ts'
import { costOf, priceOf } from '#app/studio/catalogue/record.ts'
import { type Look, looked } from '#compliance/moderation/screening/look.ts'
import { PROMPT_RULES, screenPrompt } from '#compliance/moderation/screening/prompt.ts'
import { SECOND } from '#core/clock/clock.ts'
import { sealText } from '#core/crypto/sealed-text.ts'
import { toJson } from '#core/db/columns.ts'
import type { Tx } from '#core/db/schema/schema.ts'
import type { GenerationState, GenerationTable, GenerationTexts, Quote } from '#core/db/schema/studio.ts'
import { AppError } from '#core/errors/errors.ts'
import { say } from '#core/i18n/say.ts'
import { type GenerationId, type IdOf, newId, type SubjectId } from '#core/ids/ids.ts'
import { isMadeHere } from './admit.ts'
import { goesAt } from './advance.ts'
import { type Checked, checkInput } from './check.ts'
import * as queries from './generations.queries.ts'
import * as repeats from './idempotency.queries.ts'
import { answeredBefore, type Repeat, repeatOf } from './idempotency.ts'
import { insertInputs } from './inputs.queries.ts'
import { assertRoom } from './room.ts'
import { quotedRoute, shownRoutes, whyNobody } from './routing.ts'

/** How many of one person may wait or run at a time; more would only make the others wait. */
export const mostLive = 20

export interface Composer {
  subject: SubjectId
  apiKey: IdOf<'apiKey'> | null
}

/**
 * Takes what a form or a program asks for: checks it against the model's record, screens the prompt, sets the credits
 * aside and writes row and job in one transaction. A refused prompt makes a `blocked` row that costs nothing, so that
 * the refusal can be seen and appealed. With an idempotency key the same request answers the same generation: `repeat` is
 * the key for what is asked here, or key and request where what is asked was worked out of it.
 */
export async function compose(
  house: House,
  composer: Composer,
  input: unknown,
  repeat?: string | Repeat,
): Promise<GenerationId> {
  return (await composeShown(house, composer, input, repeat)).id
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
  known?: string | Repeat,
): Promise<Composed> {
  const repeat = typeof known === 'string' ? repeatOf(composer.subject, known, input) : known
  // Before anything is looked at: what was made stays the answer, whatever became of the model or the files since.
  const before = await answeredBefore(house, repeat)
  if (before) return { id: before }
  const checked = await checkInput(house, composer.subject, input)
  await assertRoom(house)
  const { input: asked } = checked
  const wish = [asked.prompt, ...(asked.shots ?? []).map(({ prompt }) => prompt)].join('\n')
  const look = await looked('prompt', PROMPT_RULES, () => screenPrompt(wish, asked.negative_prompt))
  const wanted = await prepareRow(house, composer, checked)
  try {
    const row = await house.db.together(async (tx) => {
      const written = await write(house, tx, wanted, checked, look)
      if (repeat)
        await repeats.remember(tx, { ...repeat, generation_id: written.id, created_at: written.created_at })
      return written
    })
    return { id: row.id, made: { row, prompt: asked.prompt } }
  } catch (error) {
    // The same request at the same time was first, and may have taken the last credits or the last place besides the key.
    const first = await answeredBefore(house, repeat)
    if (first) return { id: first }
    throw error
  }
}

async function prepareRow(house: House, composer: Composer, checked: Checked): Promise<GenerationTable> {
  const { keyring, clock } = house
  const { model, input, settings } = checked
  const quote = await quoteFor(house, checked)
  const now = clock.now()
  const id = newId('generation', now)
  const key = await keyring.create({ class: 'content', subject: composer.subject })
  const sealed = (column: string, text: string) =>
    sealText(key, { table: 'generation', column, row: id }, text)
  const texts: GenerationTexts = {
    ...(input.negative_prompt ? { negative_prompt: input.negative_prompt } : {}),
    ...(input.shots ? { shots: input.shots } : {}),
  }
  return {
    id,
    subject_id: composer.subject,
    api_key_id: composer.apiKey,
    key_id: key.id,
    model: model.record.id,
    state: 'queued',
    prompt_sealed: sealed('prompt_sealed', input.prompt),
    texts_sealed: Object.keys(texts).length > 0 ? sealed('texts_sealed', JSON.stringify(texts)) : null,
    settings: toJson(settings),
    price: quote.credits,
    quote: toJson(quote),
    credit_hold_id: null,
    error_code: null,
    attempts: 0,
    seq: 0,
    created_at: now,
    updated_at: now,
    started_at: null,
    ended_at: null,
    deadline_at: now + model.record.deadlineSeconds * SECOND,
    saved_at: null,
    expires_at: null,
    expiry_told: 0,
  }
}

/** What is agreed now and holds until the end: the price, what it may cost the operator, and who may receive the data. */
async function quoteFor({ db }: House, { model, job }: Checked): Promise<Quote> {
  const { record } = model
  const routes = shownRoutes(model, job)
  if (routes.length === 0) {
    const { field, sentence } = whyNobody(model, job)
    const fields = { [field]: sentence }
    if (field === 'inputs') throw new AppError('invalid_input', sentence, { status: 422, fields })
    throw new AppError('model_unavailable', sentence, { status: 503, fields })
  }
  const { credit_micro_usd } = await siteSettings(db.read)
  return {
    price_version: record.price.version,
    rule: record.price.credits,
    credits: priceOf(record, job, credit_micro_usd),
    cost_micro_usd: Math.max(...routes.map((route) => costOf(route.record, job))),
    routes: routes.map(quotedRoute),
  }
}

/** Answers the row as it stands then. */
async function write(
  house: House,
  tx: Tx,
  wanted: GenerationTable,
  { inputs, model }: Checked,
  look: Look,
): Promise<GenerationTable> {
  const now = wanted.created_at
  const refused = look.verdict === 'block'
  const steps: GenerationState[] = refused ? ['blocked'] : wanted.price > 0 ? ['held', 'queued'] : ['queued']
  // Whoever is being shut out at this moment: what comes before that is stopped with the rest, what comes after is refused.
  if (!(await stillActive(tx, wanted.subject_id)))
    throw new AppError('suspended', say('This account is suspended. Write to the operator to object.'), {
      status: 403,
    })
  const most = Math.min(mostLive, model.mostLive ?? mostLive)
  if (!refused && (await queries.liveCount(tx, wanted.subject_id)) >= most)
    throw new AppError(
      'queue_full',
      say('{most} of your videos are being made already. Wait for one to end.', {
        most,
      }),
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
          credit_hold_id: await heldFor(tx, wanted),
        }),
  }
  await queries.insert(tx, row)
  await insertInputs(
    tx,
    inputs.map((input) => ({ generation_id: row.id, subject_id: row.subject_id, ...input })),
  )
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
      queue: isMadeHere(model) ? 'generation.run' : 'generation.admit',
      payload: { generation_id: row.id },
      subject: row.subject_id,
      dedupeKey: row.id,
    })
  return row
}

/** None for what is free: a hold is of at least one credit, and there is nothing to take or to give back. */
async function heldFor(
  tx: Tx,
  { subject_id: subject, id: generation, price: amount, created_at: now }: GenerationTable,
): Promise<GenerationTable['credit_hold_id']> {
  return amount === 0 ? null : hold(tx, { subject, generation, amount, now })
}
