import type { House } from '#app/house.ts'
import { isRetired, type LiveModel } from '#app/studio/catalogue/live.ts'
import {
  type InputRule,
  type Job,
  kindOf,
  type ModelRecord,
  modeFor,
  rolesOf,
  variablesOf,
} from '#app/studio/catalogue/record.ts'
import { truthBy } from '#app/studio/catalogue/rule.ts'
import { ownReference } from '#app/studio/references/references.ts'
import type {
  AssetTable,
  GenerationInputTable,
  GenerationSettings,
  InputRole,
  Mode,
} from '#core/db/schema/studio.ts'
import { AppError } from '#core/errors/errors.ts'
import { type Sentence, say } from '#core/i18n/say.ts'
import { isId, type SubjectId } from '#core/ids/ids.ts'
import { type AskedFile, type GenerationInput, generationSchema } from './generation.schema.ts'
import { inputErrors } from './input-errors.ts'
import { ownVideo, type SourceJob } from './inputs.queries.ts'
import { factsOf } from './job.ts'

/** What was asked for, checked against the model's record: nothing that a provider would refuse is ever sent. */
export interface Checked {
  model: LiveModel
  input: GenerationInput
  settings: GenerationSettings
  inputs: Pick<GenerationInputTable, 'role' | 'position' | 'reference_id' | 'source_id'>[]
  job: Job
}

/** Throws `model_unknown`, `model_retired` (410), `model_unavailable`, `invalid_input` and `reference_unknown`. */
export async function checkInput(house: House, subject: SubjectId, asked: unknown): Promise<Checked> {
  const model = await chosenModel(house, asked)
  const parsed = generationSchema(model.record).safeParse(asked)
  if (!parsed.success) throw inputErrors(model.record, parsed.error)
  const input = parsed.data as GenerationInput
  const given = await givenFiles(house, subject, input)
  const mode = input.mode ?? modeFor(given.map(({ role }) => role))
  const settings = settingsOf(input, mode)
  const now = house.clock.now()
  const job = { settings, inputs: given.map(({ role, file }) => factsOf({ role, ...file }, now)) }
  checkFiles(model.record, mode, given)
  checkShots(model.record, input)
  checkRules(model.record, job)
  return {
    model,
    input,
    settings,
    job,
    inputs: given.map(({ file: _, ...input }) => input),
  }
}

async function chosenModel({ catalogue, clock }: House, asked: unknown): Promise<LiveModel> {
  const id = (asked as { model?: unknown } | null)?.model
  const model = typeof id === 'string' ? await catalogue.model(id) : undefined
  if (!model)
    throw notChosen('model_unknown', say('There is no such model. Choose one of those listed.'), 422)
  if (model.offered) return model
  const { lifecycle, name } = model.record
  if (isRetired(lifecycle, clock.now())) {
    const next = lifecycle.replacement && (await catalogue.model(lifecycle.replacement))
    throw notChosen(
      'model_retired',
      next
        ? say('{name} is no longer offered. Use {next} instead.', { name, next: next.record.name })
        : say('{name} is no longer offered. Choose another model.', { name }),
      410,
    )
  }
  throw notChosen(
    'model_unavailable',
    say('{name} is not available at the moment. Choose another model.', { name }),
    503,
  )
}

function notChosen(code: string, sentence: Sentence, status: number): AppError {
  return new AppError(code, sentence, { status, fields: { model: sentence } })
}

interface GivenFile extends Pick<GenerationInputTable, 'role' | 'position' | 'reference_id' | 'source_id'> {
  file: Pick<AssetTable, 'kind' | 'size' | 'width' | 'height' | 'duration_ms'> & Partial<SourceJob>
}

async function givenFiles(house: House, subject: SubjectId, input: GenerationInput): Promise<GivenFile[]> {
  const asked: AskedFile[] = [
    ...(input.reference_id ? [{ role: 'first_frame' as const, reference_id: input.reference_id }] : []),
    ...(input.inputs ?? []),
  ]
  const positions = new Map<InputRole, number>()
  const given: GivenFile[] = []
  for (const one of asked) {
    const { role } = one
    const position = positions.get(role) ?? 0
    positions.set(role, position + 1)
    given.push({ role, position, ...(await fileOf(house, subject, one)) })
  }
  return given
}

/** What was sent, or a video of the person's own. Throws `reference_unknown`: somebody else's is not there. */
async function fileOf(house: House, subject: SubjectId, asked: AskedFile) {
  if ('reference_id' in asked) {
    const { row, asset } = await ownReference(house, subject, asked.reference_id)
    return { reference_id: row.id, source_id: null, file: asset }
  }
  const id = asked.generation_id
  const file = isId('generation', id) ? await ownVideo(house.db.read, subject, id) : undefined
  if (!file || !isId('generation', id))
    throw new AppError('reference_unknown', say('There is no such video. Choose another one.'), {
      status: 404,
    })
  return { reference_id: null, source_id: id, file }
}

function settingsOf(input: GenerationInput, mode: Mode): GenerationSettings {
  return {
    seconds: input.seconds,
    aspect_ratio: input.aspect_ratio as GenerationSettings['aspect_ratio'],
    resolution: input.resolution as GenerationSettings['resolution'],
    audio: input.audio,
    seed: input.seed ?? crypto.getRandomValues(new Uint32Array(1))[0] ?? 0,
    mode,
    ...(input.shots ? { shots: input.shots.length } : {}),
  }
}

function checkFiles(model: ModelRecord, mode: Mode, given: readonly GivenFile[]): void {
  if (!model.modes.includes(mode)) throw invalid(say('This model cannot work from files like these.'))
  const allowed = rolesOf[mode]
  for (const { role, file } of given) {
    if (!allowed.includes(role))
      throw invalid(
        say('These files cannot be used together. First and last pictures do not mix with references.'),
      )
    if (file.kind !== kindOf[role])
      throw invalid(say('A file is of the wrong kind for what it was given for.'))
  }
  for (const role of mode === 'references' ? [] : allowed)
    if (!given.some((one) => one.role === role))
      throw invalid(say('A file is missing for what was chosen. Add it, or choose another way.'))
  if (model.mostInputs !== undefined && given.length > model.mostInputs)
    throw invalid(say('This model takes at most {most} files.', { most: model.mostInputs }))
  for (const role of allowed) {
    const files = given.filter((file) => file.role === role)
    const rule = model.inputs[role]
    if (files.length === 0) continue
    const problem = rule ? problemInRole(rule, files) : say('This model cannot work from files like these.')
    if (problem) throw invalid(problem)
  }
}

/** What the record does not allow of the files in one role; undefined when it takes them. */
export function problemInRole(
  rule: InputRule,
  files: readonly Pick<GivenFile, 'file'>[],
): Sentence | undefined {
  if (files.length > rule.most)
    return say('This model takes at most {most} of these files.', { most: rule.most })
  const seconds = files.map(({ file }) => (file.duration_ms ?? 0) / 1000)
  for (const [at, { file }] of files.entries()) {
    const { width, height, size } = file
    const [short, long] = [Math.min(width, height), Math.max(width, height)]
    if (size > (rule.mostBytes ?? Number.POSITIVE_INFINITY))
      return say('A file is too large for this model: at most {most} MB.', {
        most: Math.floor((rule.mostBytes ?? 0) / 1e6),
      })
    if (short > 0 && short < (rule.leastPixels ?? 0))
      return say('A file is too small for this model: at least {least} pixels on each side.', {
        least: rule.leastPixels ?? 0,
      })
    if (long > (rule.mostPixels ?? Number.POSITIVE_INFINITY))
      return say('A file is too large for this model: at most {most} pixels on each side.', {
        most: rule.mostPixels ?? 0,
      })
    const ratio = height > 0 ? width / height : 1
    if (ratio < (rule.leastRatio ?? 0) || ratio > (rule.mostRatio ?? Number.POSITIVE_INFINITY))
      return say('A file is too narrow or too wide for this model.')
    const length = seconds[at] ?? 0
    if (length < (rule.leastSeconds ?? 0) || length > (rule.mostSeconds ?? Number.POSITIVE_INFINITY))
      return say('A file has the wrong length for this model: {least} to {most} seconds.', {
        least: rule.leastSeconds ?? 0,
        most: rule.mostSeconds ?? 0,
      })
  }
  const total = seconds.reduce((sum, length) => sum + length, 0)
  if (total > (rule.totalSeconds ?? Number.POSITIVE_INFINITY))
    return say('These files are too long together: at most {most} seconds.', { most: rule.totalSeconds ?? 0 })
}

function checkShots(model: ModelRecord, { shots, seconds }: GenerationInput): void {
  if (!shots || !model.shots) return
  const sum = shots.reduce((total, shot) => total + shot.seconds, 0)
  if (sum !== seconds)
    throw invalid(
      say('The shots are {sum} seconds together, and the video is {seconds}. Make them equal.', {
        sum,
        seconds,
      }),
      'shots',
    )
}

function checkRules(model: ModelRecord, job: Job): void {
  const variables = variablesOf(job)
  for (const { when, must, says, field } of model.rules ?? [])
    if (truthBy(when, variables) && !truthBy(must, variables)) throw invalid({ text: says }, field)
}

function invalid(sentence: Sentence, field = 'inputs'): AppError {
  return new AppError('invalid_input', sentence, { status: 422, fields: { [field]: sentence } })
}
