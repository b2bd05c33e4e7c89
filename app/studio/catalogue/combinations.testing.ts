/** Everything that a record offers, as jobs: each mode with each shape, size, length and sound, and files as a person gives them. */
import type { GenerationSettings, InputRole } from '#core/db/schema/studio.ts'
import { type Job, type Made, type ModelRecord, variablesOf } from './record.ts'
import { truthBy } from './rule.ts'

export interface Combination extends Job {
  settings: GenerationSettings
  inputs: { role: InputRole; seconds?: number; made?: Made }[]
}

/** Those that its rules do not refuse. */
export function combinationsOf(model: ModelRecord): Combination[] {
  return [...everything(model)].filter((job) => {
    const variables = variablesOf(job)
    return (model.rules ?? []).every(
      ({ when, must }) => !truthBy(when, variables) || truthBy(must, variables),
    )
  })
}

function* everything(model: ModelRecord): Generator<Combination> {
  const { least, standard, most, choices } = model.seconds
  for (const mode of model.modes)
    for (const resolution of model.resolutions)
      for (const aspect_ratio of model.aspectRatios)
        for (const seconds of choices ?? new Set([least, standard, most]))
          for (const audio of { never: [false], always: [true], optional: [true, false] }[model.audio])
            for (const inputs of filesOf(model, mode))
              for (const shots of model.shots ? [undefined, 2] : [undefined])
                yield {
                  settings: {
                    mode,
                    resolution,
                    aspect_ratio,
                    seconds,
                    audio,
                    seed: 7,
                    ...(shots ? { shots } : {}),
                  },
                  inputs,
                }
}

/** Such as a route that continues nothing else takes. */
function ownVideos({ routes }: ModelRecord): Combination['inputs'][] {
  return routes.flatMap(({ provider, extendsOnly }): Combination['inputs'][] => {
    if (!extendsOnly) return []
    const { models, resolutions, days } = extendsOnly
    const [first = ''] = models
    return resolutions.map((resolution) => [
      { role: 'extend', seconds: 5, made: { provider, model: first, resolution, days } },
    ])
  })
}

/** The files of a mode; of references the fewest, the most, each kind alone, and all kinds at once. */
function filesOf(model: ModelRecord, mode: GenerationSettings['mode']): Combination['inputs'][] {
  const some = (role: InputRole, count: number) => {
    const { leastSeconds = 5 } = model.inputs[role] ?? {}
    const isPicture = !['video', 'audio', 'extend'].includes(role)
    return Array.from({ length: count }, () => (isPicture ? { role } : { role, seconds: leastSeconds }))
  }
  if (mode === 'text') return [[]]
  if (mode === 'first_frame') return [some('first_frame', 1)]
  if (mode === 'first_last_frame') return [[...some('first_frame', 1), ...some('last_frame', 1)]]
  if (mode === 'extend') {
    const ofAnybody = model.routes.some(
      ({ modes, extendsOnly }) => !extendsOnly && (!modes || modes.includes('extend')),
    )
    return [...(ofAnybody ? [some('extend', 1)] : []), ...ownVideos(model)]
  }
  const kinds = (['image', 'video', 'audio'] as const).filter((role) => model.inputs[role])
  const alone = kinds.flatMap((role) =>
    [1, 2, model.inputs[role]?.most ?? 1].map((count) => some(role, count)),
  )
  const all = [1, 2].map((pictures) => kinds.flatMap((role) => some(role, role === 'image' ? pictures : 1)))
  return [...alone, ...all].filter(
    (files) =>
      files.length <= (model.mostInputs ?? 30) &&
      kinds.every(
        (role) => files.filter((file) => file.role === role).length <= (model.inputs[role]?.most ?? 0),
      ),
  )
}
