import { Form, useNavigation } from '@remix-run/react'
import Info from 'lucide-react/icons/info'
import { type ClipboardEvent, type DragEvent, useEffect, useRef, useState } from 'react'
import { type Arrived, useRefusal } from '#app/components/account/answers.tsx'
import { Button } from '#app/components/ui/Button.tsx'
import { Callout } from '#app/components/ui/Callout.tsx'
import { useHydrated } from '#app/components/ui/hydrated.ts'
import { Icon } from '#app/components/ui/Icon.tsx'
import { KeyHint } from '#app/components/ui/KeyHint.tsx'
import { Segmented } from '#app/components/ui/Segmented.tsx'
import { useI18n } from '#app/i18n/I18n.tsx'
import { paths } from '#app/paths.ts'
import { estimateKey, type UsualTimes } from '#app/studio/creations/creation.schema.ts'
import { type ModelSummary, type Offer, type Way, whyNobody } from '#app/studio/creations/offer.schema.ts'
import { type Sentence, say } from '#core/i18n/say.ts'
import { roleFor } from './drop.ts'
import { FileTiles } from './FileTiles.tsx'
import { ModelPicker } from './ModelPicker.tsx'
import { PromptField } from './PromptField.tsx'
import { Recipients } from './Recipients.tsx'
import { fileIn } from './reference-upload.ts'
import { MoreFields, SettingFields } from './SettingFields.tsx'
import { ShotRows, secondsOf } from './ShotRows.tsx'
import { type JobDraft, makes, type Start, useJob } from './use-job.ts'

export interface ComposeFormProps {
  offer: Offer
  models: readonly ModelSummary[]
  /** The model that was asked for, when it is not this one. */
  insteadOf: { name: string; retired: boolean } | null
  creditMicroUsd: number
  available: number
  usual: UsualTimes
  /** What the fields begin with. */
  start: Start
  /** The creation that the start was taken from, or that shall go on; an older draft then stays away. */
  origin: Origin | undefined
  /** New with each page: the same form sent twice makes one video. */
  token: string
  answer: Arrived | undefined
}

export interface Origin {
  by: 'from' | 'continue'
  id: string
}

/** Asks for a video: what it shows, how it is made, what it costs, who gets it. A plain form; scripts make it quicker. */
export function ComposeForm(props: ComposeFormProps) {
  const { offer, models, insteadOf, creditMicroUsd, available, usual, start, origin, token, answer } = props
  const { record: model } = offer
  const { t } = useI18n()
  const navigation = useNavigation()
  const refused = useRefusal(answer)
  const form = useRef<HTMLFormElement>(null)
  const prompt = useRef<HTMLTextAreaElement>(null)
  const [put, setPut] = useState<{ text: string }>()
  const job = useJob(offer, start, refused, creditMicroUsd)
  const sending = navigation.formData?.has('token') ?? false
  const drop = useDrop(offer, job)

  // Both change with every choice, and only their newest form is wanted.
  const newest = useRef(job)
  newest.current = job
  const asked = useRef(false)
  useEffect(() => {
    if (sending) asked.current = true
    if (navigation.state !== 'idle' || !asked.current) return
    asked.current = false
    if (answer && !answer.ok) return prompt.current?.focus()
    // It is being made: the next one starts empty, with the same settings.
    setPut({ text: '' })
    newest.current.clear()
  }, [sending, navigation.state, answer])

  const from = origin && `${origin.by} ${origin.id}`
  const takenFrom = useRef(from)
  useEffect(() => {
    if (from === takenFrom.current) return
    takenFrom.current = from
    if (from === undefined) return
    newest.current.putAll(start)
    setPut({ text: start.prompt })
    prompt.current?.focus()
  }, [from, start])

  const hydrated = useHydrated()
  const { chosen, quote, way, posted } = job
  const short = quote !== undefined && quote.credits > available
  const takesFiles = Object.keys(model.inputs).length > 0
  const fileErrors = ['inputs', 'mode', 'reference_id'].flatMap((field) => job.errorOf(field) ?? [])
  const problems = [...job.others, ...[refused.of('model') ?? []].flat()]
  return (
    <Form
      ref={form}
      method="post"
      action={paths.compose({ ...(origin ? { [origin.by]: origin.id } : {}), model: model.id })}
      encType="multipart/form-data"
      preventScrollReset
      noValidate
      aria-label={t('New video')}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || !(event.metaKey || event.ctrlKey) || sending) return
        event.preventDefault()
        form.current?.requestSubmit()
      }}
      className="grid overflow-hidden rounded-lg border border-line bg-surface shadow-lift lg:grid-cols-[minmax(0,1fr)_336px]"
    >
      <input type="hidden" name="model" value={model.id} />
      <input type="hidden" name="token" value={token} />
      <input type="hidden" name="terms" value={offer.terms} />
      {takesFiles && <input type="hidden" name="mode" value={job.mode} />}
      {takesFiles && <input type="hidden" name="inputs" value={posted.inputs} />}
      {model.shots && <input type="hidden" name="shots" value={posted.shots} />}
      <div {...drop.drag} className="flex min-w-0 flex-col gap-4 p-4 md:p-6">
        {insteadOf && <Instead of={insteadOf} name={model.name} />}
        <PromptField
          field={prompt}
          given={refused.typed('prompt') ?? start.prompt}
          keepGiven={from !== undefined}
          put={put}
          most={model.prompt.most}
          error={refused.of('prompt') ?? refused.sentence}
          onPaste={drop.onPaste}
        />
        {model.shots && (
          <ShotRows
            limits={model.shots}
            shots={job.parts}
            seconds={chosen.seconds}
            onLength={
              makes(model, sumOf(job)) ? (seconds) => job.setChosen({ ...chosen, seconds }) : undefined
            }
            onChange={job.setShots}
            error={job.parts.length > 0 ? job.errorOf('shots') : undefined}
          />
        )}
        {job.ways.length > 1 && (
          <Segmented
            label={t('Made from')}
            hideLabel
            layout="stack"
            name="way"
            options={job.ways.map((one) => ({ value: one, label: t(wayNames[one]) }))}
            value={way ?? ''}
            onChange={(value) => job.setWay(value as Way)}
          />
        )}
        {way && (
          <FileTiles
            model={model}
            way={way}
            shown={job.shown}
            files={job.files}
            dropping={drop.dropping}
            onMention={(name) => insert(prompt.current, name)}
            errors={fileErrors}
          />
        )}
        <div className="flex items-start gap-2 text-ink-3 text-xs">
          <Icon of={Info} size={14} className="mt-0.5" />
          <p className="mr-auto">{t({ text: model.says })}</p>
          {hydrated && (
            <span className="hidden whitespace-nowrap pointer-fine:block">
              <KeyHint keys={['mod', '↵']} />
            </span>
          )}
        </div>
      </div>
      <div className="flex min-w-0 flex-col gap-3 border-line border-t p-4 md:p-6 lg:border-t-0 lg:border-l">
        <ModelPicker
          models={models}
          chosen={model.id}
          time={usual[estimateKey({ model: model.id, ...chosen })]}
          usual={usual}
          origin={origin}
        />
        <SettingFields model={model} chosen={chosen} errorOf={job.errorOf} onChange={job.setChosen} />
        <MoreFields
          model={model}
          seed={job.seed}
          negative={job.negative}
          refused={refused}
          onSeed={job.setSeed}
          onNegative={job.setNegative}
        />
        <div className="mt-auto grid gap-2 pt-1">
          {problems.map((sentence) => (
            <p key={sentence} role="status" className="text-bad text-sm">
              {sentence}
            </p>
          ))}
          <Button
            type="submit"
            look="primary"
            size="lg"
            wide
            pending={sending}
            disabled={job.waiting}
            {...(quote
              ? {
                  end: t('{credits, plural, =0 {free} one {# credit} other {# credits}}', {
                    credits: quote.credits,
                  }),
                }
              : {})}
          >
            {t('Make the video')}
          </Button>
          <p className={short || !quote ? 'text-center text-warn text-xs' : 'text-center text-ink-3 text-xs'}>
            {!quote
              ? t(whyNobody(offer, { settings: { ...chosen, mode: job.mode } }).sentence)
              : short
                ? t('You have {available, plural, one {# credit} other {# credits}}, which is not enough.', {
                    available,
                  })
                : t('If it fails or is refused, nothing is charged.')}
          </p>
        </div>
        {quote && <Recipients recipients={quote.routes} />}
        <noscript>
          <p className="text-ink-3 text-xs">
            {t(
              'The price is that of the settings as this page came. Others may cost more or less, and may go to any of: {titles}.',
              { titles: [...new Set(offer.routes.map(({ title }) => title))].join(', ') },
            )}
          </p>
        </noscript>
      </div>
    </Form>
  )
}

const wayNames: Readonly<Record<Way, Sentence>> = {
  frames: say('Start and end'),
  references: say('References'),
  extend: say('Continue a clip'),
}

/** Says that the form shows another model than the one that was asked for. */
function Instead({ of, name }: { of: { name: string; retired: boolean }; name: string }) {
  const { t } = useI18n()
  return (
    <Callout tone="warn">
      {of.retired
        ? t('{model} is no longer offered. This is {name} instead, as near to it as it can be.', {
            model: of.name,
            name,
          })
        : t('{model} is not available at the moment. This is {name} instead.', { model: of.name, name })}
    </Callout>
  )
}

/** Files can be dropped and pasted anywhere beside the prompt. */
function useDrop({ record: model }: Offer, job: JobDraft) {
  const [dropping, setDropping] = useState(false)
  const take = (data: DataTransfer | null): boolean => {
    const found = fileIn(data)
    const place = found && roleFor(found.kind, model, job)
    if (!found || !place) return false
    job.setWay(place.way)
    job.files.add(found.file, place.role, model.inputs[place.role]?.most === 1)
    return true
  }
  const drag = {
    onDragOver: (event: DragEvent) => {
      event.preventDefault()
      setDropping(true)
    },
    onDragLeave: () => setDropping(false),
    onDrop: (event: DragEvent) => {
      event.preventDefault()
      setDropping(false)
      take(event.dataTransfer)
    },
  }
  const onPaste = (event: ClipboardEvent) => {
    if (take(event.clipboardData)) event.preventDefault()
  }
  return { dropping, drag, onPaste }
}

function sumOf({ parts }: JobDraft): number {
  return secondsOf(parts).reduce((sum, one) => sum + one, 0)
}

/** Writes a name where the cursor is, as if it had been typed. */
function insert(field: HTMLTextAreaElement | null, name: string): void {
  if (!field) return
  const before = field.value.slice(0, field.selectionStart)
  const text = `${before === '' || /\s$/.test(before) ? '' : ' '}${name} `
  field.focus()
  field.setRangeText(text, field.selectionStart, field.selectionEnd, 'end')
  field.dispatchEvent(new Event('input', { bubbles: true }))
}
