import type { House } from '#app/house.ts'
import { newestAttempt } from '#app/studio/generations/attempts.queries.ts'
import { sentenceFor } from '#app/studio/generations/errors.ts'
import { estimateFrom } from '#app/studio/generations/estimate.ts'
import * as generations from '#app/studio/generations/generations.queries.ts'
import { inputsOf } from '#app/studio/generations/inputs.queries.ts'
import { factsOf } from '#app/studio/generations/job.ts'
import { unknownGeneration } from '#app/studio/generations/removal.ts'
import { statusOf, transitionFor } from '#app/studio/generations/states.ts'
import { generationViews } from '#app/studio/generations/view.ts'
import { type Actor, accessOf } from '#core/actor.ts'
import { unsealText } from '#core/crypto/sealed-text.ts'
import { fromJson } from '#core/db/columns.ts'
import type { GenerationTable, GenerationTexts } from '#core/db/schema/studio.ts'
import { type GenerationId, isId } from '#core/ids/ids.ts'
import {
  type Creation,
  type CreationInput,
  estimateKey,
  type Maker,
  type QueueCount,
  type Step,
  type UsualTimes,
} from './creation.schema.ts'
import * as queries from './creations.queries.ts'

type Person = Extract<Actor, { kind: 'person' }>

const cancellable = transitionFor('cancel').from

/** A page of rows as their owner sees them; the keyring is opened once for all of them. */
export async function creationsOf(
  house: House,
  actor: Person,
  rows: readonly GenerationTable[],
): Promise<Creation[]> {
  const ids = rows.map(({ id }) => id)
  const [views, frames] = await Promise.all([
    generationViews(house, rows, { actor }),
    queries.firstFramesOf(house.db.read, ids),
  ])
  return rows.flatMap((row, at) => {
    const view = views[at]
    return view ? [{ ...view, ...ownSide(row), referenceId: frames.get(row.id) ?? null }] : []
  })
}

function ownSide(row: GenerationTable) {
  return {
    seq: row.seq,
    updatedAt: row.updated_at,
    createdAt: row.created_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    expiresAt: row.expires_at,
    price: row.price,
    cancellable: cancellable.includes(row.state),
    reason: row.error_code === null ? null : sentenceFor(row.error_code),
  }
}

export interface CreationPage {
  creations: Creation[]
  /** Where the older ones begin; undefined on the last page. */
  older: GenerationId | undefined
}

/** Newest first, without those that are gone. A cursor that is no id begins at the newest. */
export async function pageOfCreations(
  house: House,
  actor: Person,
  wanted: { before?: string | null; saved?: boolean; limit: number },
): Promise<CreationPage> {
  const before = isId('generation', wanted.before) ? { before: wanted.before } : {}
  const options = { ...before, limit: wanted.limit + 1 }
  const rows = wanted.saved
    ? await queries.savedPage(house.db.read, actor.id, options)
    : await generations.pageOfSubject(house.db.read, actor.id, options)
  const shown = rows.slice(0, wanted.limit)
  return {
    creations: await creationsOf(house, actor, shown),
    older: rows.length > shown.length ? shown.at(-1)?.id : undefined,
  }
}

export interface CreationDetail {
  creation: Creation
  steps: Step[]
  /** Of the video itself, once there is one. */
  file: { size: number; width: number; height: number; durationMs: number } | null
  inputs: CreationInput[]
  texts: GenerationTexts
  /** Null before anybody was asked. */
  maker: Maker | null
}

/** One creation with its history. Throws 404 for somebody else's, as for one that never was. */
export async function creationDetail(
  house: House,
  actor: Person,
  id: string | undefined,
): Promise<CreationDetail> {
  const row = await ownRow(house, actor, id)
  const [creations, events, files, inputs, texts, maker] = await Promise.all([
    creationsOf(house, actor, [row]),
    generations.eventsOf(house.db.read, row.id),
    queries.filesOf(house.db.read, actor.id, row.id),
    givenTo(house, row),
    textsOf(house, actor, row),
    makerOf(house, row),
  ])
  const video = files.find((file) => file.kind === 'video')
  return {
    creation: creations[0] as Creation,
    steps: events.map(({ state, phase, at }) => ({ state, phase, at })),
    file: video
      ? { size: video.size, width: video.width, height: video.height, durationMs: video.duration_ms ?? 0 }
      : null,
    inputs,
    texts,
    maker,
  }
}

async function givenTo({ db, clock }: House, { id }: GenerationTable): Promise<CreationInput[]> {
  return (await inputsOf(db.read, id)).map((file) => ({
    ...factsOf(file, clock.now()),
    id: file.reference_id ?? file.source_id ?? '',
    of: file.reference_id === null ? 'generation' : 'reference',
    kind: file.kind,
  }))
}

/** What was written besides the prompt; nothing once its key is gone. */
async function textsOf({ keyring }: House, actor: Person, row: GenerationTable): Promise<GenerationTexts> {
  if (row.texts_sealed === null) return {}
  const access = accessOf(actor, 'generation.read', row.subject_id)
  const key = (await keyring.open([row.key_id], access)).get(row.key_id)
  const place = { table: 'generation', column: 'texts_sealed', row: row.id }
  return key ? (JSON.parse(unsealText(key, place, row.texts_sealed)) as GenerationTexts) : {}
}

async function makerOf({ db, catalogue }: House, { id }: GenerationTable): Promise<Maker | null> {
  const attempt = await newestAttempt(db.read, id)
  if (!attempt) return null
  const known = (await catalogue.models())
    .flatMap(({ routes }) => routes)
    .find(({ provider }) => provider?.id === attempt.provider)
  const title = known?.provider?.title ?? attempt.provider
  if (fromJson(attempt.route).driver === 'builtin') return { title, where: 'here', company: '', country: '' }
  const to = await queries.handedOver(db.read, attempt.id)
  return to
    ? { title, where: 'elsewhere', company: to.processor, country: to.country }
    : { title, where: 'own', company: '', country: '' }
}

/** With what it was made from and what was written. */
export interface ToRepeat {
  creation: Creation
  inputs: CreationInput[]
  texts: GenerationTexts
}

/** The creation that a new one should be like. Undefined when there is no such, or its prompt is gone. */
export async function creationToRepeat(
  house: House,
  actor: Person,
  id: string | null,
): Promise<ToRepeat | undefined> {
  const row = isId('generation', id)
    ? await generations.ownGeneration(house.db.read, actor.id, id)
    : undefined
  const [creation] = row ? await creationsOf(house, actor, [row]) : []
  if (!row || !creation?.prompt) return undefined
  const [inputs, texts] = await Promise.all([givenTo(house, row), textsOf(house, actor, row)])
  return { creation, inputs, texts }
}

/** The row by id and owner. Throws 404. */
export async function ownRow(house: House, actor: Person, id: string | undefined): Promise<GenerationTable> {
  const row = isId('generation', id)
    ? await generations.ownGeneration(house.db.read, actor.id, id)
    : undefined
  if (!row) throw unknownGeneration()
  return row
}

export function countQueue(live: readonly Pick<GenerationTable, 'state'>[]): QueueCount {
  const running = live.filter(({ state }) => statusOf(state) === 'running').length
  return { running, waiting: live.length - running }
}

export async function queueOf({ db }: House, actor: Person): Promise<QueueCount> {
  return countQueue(await queries.liveOf(db.read, actor.id))
}

/** For every length and size of every model how long it usually takes, each model's history being read once. */
export async function usualTimes({ db, catalogue }: House): Promise<UsualTimes> {
  const times: Record<string, { usual: number; slow: number }> = {}
  for (const { record: model, offered } of await catalogue.models()) {
    const rows = offered ? await generations.recentDurations(db.read, model.id, 100) : []
    if (rows.length === 0) continue
    for (const resolution of model.resolutions)
      for (let seconds = model.seconds.least; seconds <= model.seconds.most; seconds++) {
        const found = estimateFrom(rows, { seconds, resolution })
        const key = estimateKey({ model: model.id, seconds, resolution })
        if (found) times[key] = { usual: found.usual, slow: found.slow }
      }
  }
  return times
}
