import { useMemo, useState } from 'react'
import type { Refused } from '#app/components/account/answers.tsx'
import { useI18n } from '#app/i18n/I18n.tsx'
import type { Job, ModelRecord } from '#app/studio/catalogue/record.ts'
import { postedFiles, postedShots } from '#app/studio/creations/compose.schema.ts'
import {
  type Chosen,
  fittedTo,
  modeIn,
  type Offer,
  problemsOf,
  quoteOf,
  rolesOfWay,
  type Way,
  waysOf,
} from '#app/studio/creations/offer.schema.ts'
import { asked, inPlace } from '#app/studio/generations/generation.schema.ts'
import type { GenerationTexts } from '#core/db/schema/studio.ts'
import { type KnownFile, useFiles } from './reference-upload.ts'
import { aShot, type Shot, secondsOf } from './ShotRows.tsx'

/** What the fields begin with. */
export interface Start extends GenerationTexts {
  wish: Partial<Chosen>
  prompt: string
  files: KnownFile[]
}

/**
 * What somebody asks for while it is being put together. What was wished is kept as it was: another model shows as much of
 * it as it can do, and going back brings the rest back.
 */
export function useJob(offer: Offer, start: Start, refused: Refused, creditMicroUsd: number) {
  const { t } = useI18n()
  const { record: model } = offer
  const [wish, setWish] = useState<Partial<Chosen>>(() => wishAtFirst(start, refused))
  const [wantedWay, setWay] = useState<Way | undefined>(() => wayAtFirst(start, refused))
  const [shots, setShots] = useState<readonly Shot[]>(() =>
    (refused.typed('shots') === undefined ? (start.shots ?? []) : postedShots(refused.typed('shots'))).map(
      (shot) => aShot(shot.prompt, shot.seconds),
    ),
  )
  const [seed, setSeed] = useState(refused.typed('seed') ?? '')
  const [negative, setNegative] = useState(refused.typed('negative_prompt') ?? start.negative_prompt ?? '')
  const files = useFiles(filesAtFirst(start, refused))

  const chosen = fittedTo(model, wish)
  const ways = waysOf(
    offer,
    files.all.some(({ of }) => of === 'generation'),
  )
  const way = wantedWay && ways.includes(wantedWay) ? wantedWay : ways[0]
  const shown = useMemo(
    () =>
      files.all.filter(
        ({ role }) => way && rolesOfWay[way].includes(role) && model.inputs[role] !== undefined,
      ),
    [files.all, way, model],
  )
  const sent = shown.filter(({ state }) => state !== 'refused')
  const mode = modeIn(
    model,
    way,
    sent.map(({ role }) => role),
  )
  const parts = model.shots ? shots : []
  const job: Job = {
    settings: { ...chosen, mode, ...(parts.length > 0 ? { shots: parts.length } : {}) },
    inputs: sent.map(({ role, seconds, made }) => ({ role, seconds, ...(made ? { made } : {}) })),
  }
  const problems = problemsOf(model, job, secondsOf(parts))
  return {
    chosen,
    setChosen: setWish,
    ways,
    way,
    setWay,
    files,
    shown,
    mode,
    parts,
    setShots,
    seed,
    setSeed,
    negative,
    setNegative,
    quote: quoteOf(offer, job, creditMicroUsd),
    /** What the hidden fields carry. */
    posted: {
      inputs: JSON.stringify(
        sent.flatMap(({ role, id, of }) => (id === null ? [] : [asked({ role, id, of })])),
      ),
      shots: JSON.stringify(parts.map(({ prompt }, at) => ({ prompt, seconds: secondsOf(parts)[at] || 0 }))),
    },
    /** Whether a file is on its way still. */
    waiting: sent.some(({ state }) => state === 'sending' || state === 'reading'),
    /** The sentence of a field: what is wrong now, before what was wrong when it was last sent. */
    errorOf: (field: string): string | undefined => {
      const problem = problems.find((one) => one.field === field)
      return problem ? t(problem.sentence) : refused.of(field)
    },
    /** Of fields that the form does not show by themselves. */
    others: problems.filter(({ field }) => !ownField(field)).map(({ sentence }) => t(sentence)),
    putAll(from: Start) {
      setWish(from.wish)
      setWay(wayOf(from.files))
      setShots((from.shots ?? []).map((shot) => aShot(shot.prompt, shot.seconds)))
      setSeed('')
      setNegative(from.negative_prompt ?? '')
      files.put(from.files)
    },
    /** The next one begins without what this one said and showed. */
    clear() {
      setShots([])
      files.put([])
    },
  }
}

export type JobDraft = ReturnType<typeof useJob>

function ownField(field: string): boolean {
  return ['seconds', 'aspect_ratio', 'resolution', 'audio', 'inputs', 'mode', 'shots'].includes(field)
}

/** As the refused form had it, for a page that came back without scripts; otherwise as the page has it. */
function wishAtFirst({ wish }: Start, refused: Refused): Partial<Chosen> {
  const [seconds, audio] = [refused.typed('seconds'), refused.typed('audio')]
  const typed = (name: 'aspect_ratio' | 'resolution') => {
    const value = refused.typed(name)
    return value === undefined ? {} : { [name]: value }
  }
  return {
    ...wish,
    ...(seconds === undefined ? {} : { seconds: Number(seconds) || 0 }),
    ...typed('aspect_ratio'),
    ...typed('resolution'),
    ...(audio === undefined ? {} : { audio: audio === 'with' }),
  }
}

function filesAtFirst({ files }: Start, refused: Refused): readonly KnownFile[] {
  const typed = refused.typed('inputs')
  if (typed === undefined) return files
  return postedFiles(typed).map((posted) => {
    const { role, id, of } = inPlace(posted)
    // What the page knows of it spares asking how far it is.
    return files.find((file) => file.id === id && file.role === role) ?? { role, id, of, seconds: null }
  })
}

function wayAtFirst(start: Start, refused: Refused): Way | undefined {
  return wayOf(filesAtFirst(start, refused)) ?? everyWay.find((one) => one === refused.typed('way'))
}

const everyWay = Object.keys(rolesOfWay) as Way[]

function wayOf([first]: readonly KnownFile[]): Way | undefined {
  return first && everyWay.find((way) => rolesOfWay[way].includes(first.role))
}

/** Whether a model makes this length. */
export function makes(model: ModelRecord, seconds: number): boolean {
  return fittedTo(model, { seconds }).seconds === seconds
}
