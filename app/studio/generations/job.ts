import { createWriteStream } from 'node:fs'
import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { House, Workshop } from '#app/house.ts'
import { paths } from '#app/paths.ts'
import type { Job, Made } from '#app/studio/catalogue/record.ts'
import type { InputFile, ProviderJob } from '#app/studio/providers/provider.ts'
import { openFile, referenceGone } from '#app/studio/references/references.ts'
import { accessOf, system } from '#core/actor.ts'
import { DAY } from '#core/clock/clock.ts'
import { unsealText } from '#core/crypto/sealed-text.ts'
import { fromJson } from '#core/db/columns.ts'
import type { AttemptTable, GenerationTable, GenerationTexts } from '#core/db/schema/studio.ts'
import { deliverable } from '#core/media/clip.ts'
import { probe } from '#core/media/probe.ts'
import { notePhase } from './advance.ts'
import * as inputs from './inputs.queries.ts'

/** What prices, costs and routes depend on. */
export async function jobFacts(
  { db, clock }: Pick<House, 'db' | 'clock'>,
  row: GenerationTable,
): Promise<Job> {
  const given = await inputs.inputsOf(db.read, row.id)
  return { settings: fromJson(row.settings), inputs: given.map((file) => factsOf(file, clock.now())) }
}

/** Of one file. A video that was made here brings the job that made it: some routes continue nothing else. */
export function factsOf(
  given: Pick<inputs.GivenInput, 'role' | 'duration_ms'> & Partial<inputs.SourceJob>,
  now: number,
) {
  const made = madeBy(given, now)
  return {
    role: given.role,
    seconds: given.duration_ms === null ? null : given.duration_ms / 1000,
    ...(made ? { made } : {}),
  }
}

function madeBy(given: Partial<inputs.SourceJob>, now: number): Made | undefined {
  const { made_provider, made_model, made_settings, made_job, made_at } = given
  if (!made_provider || !made_model || !made_settings || !made_job || !made_at) return undefined
  const { resolution } = fromJson(made_settings)
  return { provider: made_provider, model: made_model, resolution, days: (now - made_at) / DAY }
}

const extensions: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
  'video/mp4': 'mp4',
  'audio/mpeg': 'mp3',
}

/** The job as a driver takes it, opened for the worker: texts, and plain copies of the inputs in `workDir`. */
export async function providerJob(
  workshop: Workshop,
  row: GenerationTable,
  attempt: Pick<AttemptTable, 'id' | 'route' | 'provider'>,
  workDir: string,
  signal: AbortSignal,
): Promise<ProviderJob> {
  const { keyring, db, clock, log, config } = workshop
  const key = await keyring.openOne(row.key_id, accessOf(system('worker'), 'generation.run', row.subject_id))
  const text = (column: 'prompt_sealed' | 'texts_sealed', sealed: string) =>
    unsealText(key, { table: 'generation', column, row: row.id }, sealed)
  const texts = row.texts_sealed
    ? (JSON.parse(text('texts_sealed', row.texts_sealed)) as GenerationTexts)
    : {}
  return {
    ...closedJob(row, attempt, workDir),
    prompt: text('prompt_sealed', row.prompt_sealed),
    negativePrompt: texts.negative_prompt,
    shots: texts.shots,
    inputs: await plainInputs(workshop, row, attempt.provider, workDir, signal),
    callbackUrl: callbackUrl(config.appUrl, attempt),
    onPhase: (phase) => {
      db.transaction((tx) => notePhase(tx, row.id, 'rendering', phase, clock.now())).catch((error: unknown) =>
        log.warn('A phase could not be noted', { generation: row.id, error }),
      )
    },
  }
}

/**
 * What a provider elsewhere may be asked and fetched from with: its own id of the job is enough, so nothing is opened, and
 * what the job was made from may have gone meanwhile.
 */
export function closedJob(
  row: GenerationTable,
  attempt: Pick<AttemptTable, 'id' | 'route'>,
  workDir = '',
): ProviderJob {
  const settings = fromJson(row.settings)
  return {
    generation: row.id,
    attempt: attempt.id,
    model: row.model,
    endpoint: fromJson(attempt.route).endpoint,
    mode: settings.mode,
    prompt: '',
    settings,
    inputs: [],
    workDir,
    callbackUrl: undefined,
    onPhase: () => {},
  }
}

/** Throws `reference_gone` when one of them is not there any more, as a video that its owner deleted meanwhile. */
async function plainInputs(
  workshop: Workshop,
  row: GenerationTable,
  provider: string,
  workDir: string,
  signal: AbortSignal,
): Promise<InputFile[]> {
  const given = await inputs.inputsOf(workshop.db.read, row.id)
  if (given.length < (await inputs.inputCount(workshop.db.read, row.id))) throw referenceGone()
  const files: InputFile[] = []
  for (const input of given) {
    const name = `${crypto.randomUUID()}.${extensions[input.media_type] ?? 'bin'}`
    const path = join(workDir, name)
    const bytes = await openFile(workshop, input, system('worker'), 'generation.run')
    if (input.source_id === null) await written(bytes, path, signal)
    else await asClip(workshop, bytes, path, signal)
    files.push({
      role: input.role,
      kind: input.kind,
      path,
      name,
      mediaType: input.media_type,
      size: (await stat(path)).size,
      ...(input.duration_ms === null ? {} : { seconds: input.duration_ms / 1000 }),
      ...(input.made_provider === provider && input.made_job ? { providerJob: input.made_job } : {}),
    })
  }
  return files
}

/** Without its manifest, which names our public record of it: like what was sent, it carries pictures and sound alone. */
async function asClip(
  { tools }: Workshop,
  bytes: AsyncIterable<Uint8Array>,
  path: string,
  signal: AbortSignal,
): Promise<void> {
  const stamped = `${path}.stamped`
  await written(bytes, stamped, signal)
  await deliverable(tools, stamped, await probe(tools, stamped, { signal }), path, { signal })
  await rm(stamped)
}

async function written(bytes: AsyncIterable<Uint8Array>, path: string, signal: AbortSignal): Promise<void> {
  await pipeline(bytes, createWriteStream(path, { mode: 0o600 }), { signal })
}

/** Only an address that the world can reach is given to a provider; it names the attempt, which is random. */
function callbackUrl(
  appUrl: URL,
  { id, provider }: Pick<AttemptTable, 'id' | 'provider'>,
): string | undefined {
  if (appUrl.protocol !== 'https:') return undefined
  return new URL(paths.webhook(provider, id), appUrl).href
}
