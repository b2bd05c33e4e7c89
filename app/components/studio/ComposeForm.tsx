import { Form, useNavigation } from '@remix-run/react'
import Info from 'lucide-react/icons/info'
import { type ClipboardEvent, type DragEvent, useEffect, useRef, useState } from 'react'
import { type Arrived, type Refused, useRefusal } from '#app/components/account/answers.tsx'
import { Button } from '#app/components/ui/Button.tsx'
import { useHydrated } from '#app/components/ui/hydrated.ts'
import { Icon } from '#app/components/ui/Icon.tsx'
import { KeyHint } from '#app/components/ui/KeyHint.tsx'
import { useI18n } from '#app/i18n/I18n.tsx'
import { paths } from '#app/paths.ts'
import type { ModelRecord } from '#app/studio/catalogue/record.ts'
import { estimateKey, type UsualTimes } from '#app/studio/creations/creation.schema.ts'
import { ModelCard } from './ModelCard.tsx'
import { PromptField } from './PromptField.tsx'
import { ReferencePicker } from './ReferencePicker.tsx'
import { pictureIn, useReference } from './reference-upload.ts'
import { type Chosen, SettingFields } from './SettingFields.tsx'

export interface ComposeFormProps {
  model: ModelRecord
  price: (chosen: Chosen) => number
  available: number
  usual: UsualTimes
  /** What the fields begin with. */
  start: Chosen & { prompt: string; reference: string | null }
  /** The creation that the start was taken from; an older draft then stays away. */
  from: string | undefined
  /** New with each page: the same form sent twice makes one video. */
  token: string
  answer: Arrived | undefined
}

/** Asks for a video: what it shows, how it is made, what it costs. A plain form; scripts make it quicker. */
export function ComposeForm(props: ComposeFormProps) {
  const { model, price, available, usual, start, from, token, answer } = props
  const { t } = useI18n()
  const navigation = useNavigation()
  const refused = useRefusal(answer)
  const form = useRef<HTMLFormElement>(null)
  const prompt = useRef<HTMLTextAreaElement>(null)
  const [chosen, setChosen] = useState(() => chosenAtFirst(start, refused))
  const [seed, setSeed] = useState(refused.typed('seed') ?? '')
  const [put, setPut] = useState<{ text: string }>()
  const {
    reference,
    send,
    put: putReference,
  } = useReference(refused.typed('reference_id') ?? start.reference)
  const [dropping, setDropping] = useState(false)
  const sending = navigation.formData?.has('token') ?? false

  const asked = useRef(false)
  useEffect(() => {
    if (sending) asked.current = true
    if (navigation.state !== 'idle' || !asked.current) return
    asked.current = false
    if (answer && !answer.ok) return prompt.current?.focus()
    // It is being made: the next one starts empty, with the same settings.
    setPut({ text: '' })
    putReference(null)
  }, [sending, navigation.state, answer, putReference])

  const takenFrom = useRef(from)
  useEffect(() => {
    if (from === takenFrom.current) return
    takenFrom.current = from
    if (from === undefined) return
    setChosen(start)
    setSeed('')
    setPut({ text: start.prompt })
    putReference(start.reference)
    prompt.current?.focus()
  }, [from, start, putReference])

  const drag = {
    onDragOver: (event: DragEvent) => {
      event.preventDefault()
      setDropping(true)
    },
    onDragLeave: () => setDropping(false),
    onDrop: (event: DragEvent) => {
      event.preventDefault()
      setDropping(false)
      const file = pictureIn(event.dataTransfer)
      if (file) void send(file)
    },
  }
  const onPaste = (event: ClipboardEvent) => {
    const file = pictureIn(event.clipboardData)
    if (!file) return
    event.preventDefault()
    void send(file)
  }
  const hydrated = useHydrated()
  const credits = price(chosen)
  const short = credits > available
  return (
    <Form
      ref={form}
      method="post"
      action={paths.compose(from === undefined ? {} : { from })}
      encType="multipart/form-data"
      preventScrollReset
      noValidate
      aria-label={t('New video')}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || !(event.metaKey || event.ctrlKey) || sending) return
        event.preventDefault()
        form.current?.requestSubmit()
      }}
      className="grid overflow-hidden rounded-lg border border-line bg-surface shadow-lift lg:grid-cols-[minmax(0,1fr)_320px]"
    >
      <input type="hidden" name="model" value={model.id} />
      <input type="hidden" name="token" value={token} />
      <div {...drag} className="flex min-h-56 flex-col gap-4 p-4 md:p-6">
        <PromptField
          field={prompt}
          given={refused.typed('prompt') ?? start.prompt}
          keepGiven={from !== undefined}
          put={put}
          most={model.prompt.most}
          error={refused.of('prompt') ?? refused.sentence}
          onPaste={onPaste}
        />
        {model.inputs.first_frame && (
          <ReferencePicker
            reference={reference}
            onChoose={(file) => void send(file)}
            onRemove={() => putReference(null)}
            dropping={dropping}
            error={refused.of('reference_id')}
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
      <div className="flex flex-col gap-3 border-line border-t p-4 md:p-6 lg:border-t-0 lg:border-l">
        <ModelCard model={model} usual={usual[estimateKey({ model: model.id, ...chosen })]} />
        <SettingFields
          model={model}
          chosen={chosen}
          seed={seed}
          refused={refused}
          onChange={setChosen}
          onSeed={setSeed}
        />
        <div className="mt-auto grid gap-2 pt-1">
          <Button
            type="submit"
            look="primary"
            size="lg"
            wide
            pending={sending}
            disabled={reference.state === 'sending'}
            end={t('{credits, plural, one {# credit} other {# credits}}', { credits })}
          >
            {t('Make the video')}
          </Button>
          <p className={short ? 'text-center text-warn text-xs' : 'text-center text-ink-3 text-xs'}>
            {short
              ? t('You have {available, plural, one {# credit} other {# credits}}, which is not enough.', {
                  available,
                })
              : t('If it fails or is refused, nothing is charged.')}
          </p>
        </div>
      </div>
    </Form>
  )
}

/** As the refused form had it, for a page that came back without scripts; otherwise as the page has it. */
function chosenAtFirst(start: Chosen, refused: Refused): Chosen {
  const typed = (name: string, otherwise: string) => refused.typed(name) ?? otherwise
  return {
    seconds: Number(typed('seconds', String(start.seconds))),
    aspect_ratio: typed('aspect_ratio', start.aspect_ratio) as Chosen['aspect_ratio'],
    resolution: typed('resolution', start.resolution) as Chosen['resolution'],
    audio: typed('audio', start.audio ? 'with' : 'without') === 'with',
  }
}
