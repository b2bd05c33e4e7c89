import { Form, useNavigation } from '@remix-run/react'
import CircleAlert from 'lucide-react/icons/circle-alert'
import { useEffect, useRef } from 'react'
import { FieldScope } from '#app/components/ui/Field.tsx'
import { Icon } from '#app/components/ui/Icon.tsx'
import { TextArea } from '#app/components/ui/TextField.tsx'
import { useI18n } from '#app/i18n/I18n.tsx'
import type { Sentence } from '#core/i18n/say.ts'
import { type ActAnswer, SendButton } from './ActForm.tsx'

interface Props {
  intent: 'add' | 'record'
  verb: string
  text: string
  answer: ActAnswer | undefined
}

/** A model's record as JSON. What is wrong with it is told by its path. */
export function RecordForm({ intent, verb, text, answer }: Props) {
  const { t } = useI18n()
  const navigation = useNavigation()
  const mine = answer?.intent === intent ? answer : undefined
  const sending = navigation.state === 'submitting' && navigation.formData?.get('intent') === intent
  return (
    <FieldScope value={intent}>
      {/* A record may be longer than a form that is not in parts. */}
      <Form method="post" encType="multipart/form-data" preventScrollReset className="grid gap-3">
        <input type="hidden" name="intent" value={intent} />
        {mine?.refusal && <Faults sentence={mine.refusal.sentence} faults={mine.refusal.fields} announced />}
        <div className="[&_textarea]:max-h-[40rem] [&_textarea]:font-mono [&_textarea]:text-xs">
          <TextArea
            key={text}
            label={t('Record')}
            hideLabel
            name="record"
            rows={18}
            spellCheck={false}
            autoCapitalize="none"
            wrap="off"
            defaultValue={mine?.typed?.record ?? text}
          />
        </div>
        <div>
          <SendButton sending={sending} look="primary">
            {verb}
          </SendButton>
        </div>
      </Form>
    </FieldScope>
  )
}

/** Paths and what is wrong there. `announced` takes the focus, as after a form that came back. */
export function Faults(props: {
  sentence: Sentence
  faults: Readonly<Record<string, Sentence>>
  announced?: boolean
}) {
  const { sentence, faults, announced } = props
  const { t } = useI18n()
  const box = useRef<HTMLDivElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: each answer is announced
  useEffect(() => {
    if (announced) box.current?.focus()
  }, [announced, faults])
  return (
    <div
      ref={box}
      role={announced ? 'alert' : undefined}
      tabIndex={-1}
      className="rounded-md border border-bad/40 bg-bad-soft px-4 py-3 text-ink text-sm"
    >
      <p className="flex items-start gap-2 font-semibold">
        <Icon of={CircleAlert} className="mt-0.5 text-bad" />
        {t(sentence)}
      </p>
      <ul className="mt-1.5 grid gap-1 pl-6">
        {Object.entries(faults).map(([path, says]) => (
          <li key={path} className="break-words">
            {path && <code className="font-mono text-xs">{path}</code>} {t(says)}
          </li>
        ))}
      </ul>
    </div>
  )
}
