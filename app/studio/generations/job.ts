import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { House, Workshop } from '#app/house.ts'
import { paths } from '#app/paths.ts'
import type { Job } from '#app/studio/catalogue/record.ts'
import type { InputFile, ProviderJob } from '#app/studio/providers/provider.ts'
import { readReference } from '#app/studio/references/references.ts'
import { accessOf, system } from '#core/actor.ts'
import { unsealText } from '#core/crypto/sealed-text.ts'
import { fromJson } from '#core/db/columns.ts'
import type { AttemptTable, GenerationTable, GenerationTexts } from '#core/db/schema/studio.ts'
import { AppError } from '#core/errors/errors.ts'
import { say } from '#core/i18n/say.ts'
import { notePhase } from './advance.ts'
import * as inputs from './inputs.queries.ts'

/** What prices, costs and routes depend on. */
export async function jobFacts({ db }: Pick<House, 'db'>, row: GenerationTable): Promise<Job> {
  const given = await inputs.inputsOf(db.read, row.id)
  return { settings: fromJson(row.settings), inputs: given.map(withSeconds) }
}

export function withSeconds(given: Pick<inputs.GivenInput, 'role' | 'duration_ms'>) {
  return { role: given.role, seconds: given.duration_ms === null ? null : given.duration_ms / 1000 }
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
  const settings = fromJson(row.settings)
  return {
    generation: row.id,
    attempt: attempt.id,
    model: row.model,
    endpoint: fromJson(attempt.route).endpoint,
    mode: settings.mode,
    prompt: text('prompt_sealed', row.prompt_sealed),
    negativePrompt: texts.negative_prompt,
    shots: texts.shots,
    settings,
    inputs: await plainInputs(workshop, row, workDir, signal),
    workDir,
    callbackUrl: callbackUrl(config.appUrl, attempt),
    onPhase: (phase) => {
      db.transaction((tx) => notePhase(tx, row.id, 'rendering', phase, clock.now())).catch((error: unknown) =>
        log.warn('A phase could not be noted', { generation: row.id, error }),
      )
    },
  }
}

async function plainInputs(
  workshop: Workshop,
  row: GenerationTable,
  workDir: string,
  signal: AbortSignal,
): Promise<InputFile[]> {
  const given = await inputs.inputsOf(workshop.db.read, row.id)
  if (given.length < (await inputs.inputCount(workshop.db.read, row.id)))
    throw new AppError('reference_gone', say('The reference picture is gone. Choose another one.'), {
      status: 410,
    })
  const files: InputFile[] = []
  for (const input of given) {
    const opened = await readReference(workshop, input.reference_id, system('worker'), 'generation.run')
    const name = `${crypto.randomUUID()}.${extensions[input.media_type] ?? 'bin'}`
    const path = join(workDir, name)
    await pipeline(opened.bytes, createWriteStream(path, { mode: 0o600 }), { signal })
    files.push({
      role: input.role,
      kind: input.kind as InputFile['kind'],
      path,
      name,
      mediaType: input.media_type,
      size: input.size,
      ...(input.duration_ms === null ? {} : { seconds: input.duration_ms / 1000 }),
    })
  }
  return files
}

/** Only an address that the world can reach is given to a provider; it names the attempt, which is random. */
function callbackUrl(
  appUrl: URL,
  { id, provider }: Pick<AttemptTable, 'id' | 'provider'>,
): string | undefined {
  if (appUrl.protocol !== 'https:') return undefined
  return new URL(paths.webhook(provider, id), appUrl).href
}
