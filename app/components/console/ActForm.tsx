import { Form, useNavigation } from '@remix-run/react'
import ChevronRight from 'lucide-react/icons/chevron-right'
import Hourglass from 'lucide-react/icons/hourglass'
import { type ReactNode, useEffect, useRef } from 'react'
import { Button, type ButtonLook } from '#app/components/ui/Button.tsx'
import { FieldScope, FormErrors } from '#app/components/ui/Field.tsx'
import { Icon } from '#app/components/ui/Icon.tsx'
import { TextArea } from '#app/components/ui/TextField.tsx'
import { useI18n } from '#app/i18n/I18n.tsx'
import type { Sentence } from '#core/i18n/say.ts'

/** What an act of the console answered, as far as its form needs it. */
export interface ActAnswer {
  intent: string
  ok: boolean
  refusal?: { sentence: Sentence; fields: Readonly<Record<string, Sentence>> }
  /** What was typed before it was refused. */
  typed?: Readonly<Record<string, string>>
}

export interface ActFormProps {
  intent: string
  verb: string
  look?: ButtonLook
  /** What it does and what it does not, before somebody does it. */
  lead?: ReactNode
  answer: ActAnswer | undefined
  /** Sent along as they are. */
  hidden?: Readonly<Record<string, string>>
  id?: string
  /** With a file among its fields. */
  multipart?: boolean
  /** Another button of the same form. It comes second: Enter presses the first. */
  beside?: ReactNode
  /** May be sent with required fields empty: the server says what is missing. */
  incomplete?: boolean
  children?: ReactNode
}

/** One act with its fields, and what came of it. Posts without scripts too. */
export function ActForm(props: ActFormProps) {
  const {
    intent,
    verb,
    look = 'primary',
    lead,
    answer,
    hidden = {},
    id,
    multipart,
    beside,
    incomplete,
    children,
  } = props
  const navigation = useNavigation()
  const mine = answer?.intent === intent ? answer : undefined
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => {
    // A reason belongs to one act; the next wants its own.
    if (mine?.ok) form.current?.reset()
  }, [mine])
  const sending = navigation.state === 'submitting' && navigation.formData?.get('intent') === intent
  return (
    <FieldScope value={intent}>
      <Form
        ref={form}
        id={id}
        method="post"
        {...(multipart ? { encType: 'multipart/form-data' as const } : {})}
        noValidate={incomplete ?? false}
        preventScrollReset
        className="grid gap-3"
      >
        <input type="hidden" name="intent" value={intent} />
        {Object.entries(hidden).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        {lead && <p className="text-ink-2">{lead}</p>}
        <Refused answer={mine} />
        {children}
        <div className="flex flex-wrap gap-2">
          <SendButton sending={sending} look={look}>
            {verb}
          </SendButton>
          {beside}
        </div>
      </Form>
    </FieldScope>
  )
}

/**
 * Sends its form once. It is not `pending`, since React Aria then leaves an announcement behind that names a button which
 * the next page may no longer have.
 */
export function SendButton({
  sending,
  look,
  children,
}: {
  sending: boolean
  look: ButtonLook
  children: string
}) {
  return (
    <Button look={look} type={sending ? 'button' : 'submit'} {...(sending ? { icon: Hourglass } : {})}>
      {children}
    </Button>
  )
}

export function Refused({ answer }: { answer: ActAnswer | undefined }) {
  const { t } = useI18n()
  if (!answer?.refusal) return null
  const { sentence, fields } = answer.refusal
  const said = Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, t(field)]))
  const whole = t(sentence)
  // Said once: the list of fields links to the one that says the same.
  return <FormErrors sentence={Object.values(said).includes(whole) ? undefined : whole} fields={said} />
}

/** The same, folded away until it is wanted. */
export function FoldedAct({ title, ...form }: ActFormProps & { title: string }) {
  const refused = form.answer?.intent === form.intent && !form.answer.ok
  return (
    <Folded title={title} open={refused}>
      <ActForm {...form} />
    </Folded>
  )
}

export function Folded({ title, open, children }: { title: string; open: boolean; children: ReactNode }) {
  return (
    <details open={open || undefined} className="group border-line border-b last:border-0">
      <summary className="flex list-none items-center gap-2 py-2.5 font-medium text-sm hover:text-accent [&::-webkit-details-marker]:hidden">
        <Icon of={ChevronRight} size={14} className="text-ink-3 transition-transform group-open:rotate-90" />
        {title}
      </summary>
      <div className="pb-4 pl-5.5 text-sm">{children}</div>
    </details>
  )
}

/** Why somebody looks or acts; it is kept, sealed, in the audit log. */
export function ReasonField({ answer, intent }: { answer: ActAnswer | undefined; intent: string }) {
  const { t } = useI18n()
  const mine = answer?.intent === intent ? answer : undefined
  const error = mine?.refusal?.fields.reason
  return (
    <TextArea
      label={t('Reason')}
      name="reason"
      rows={2}
      defaultValue={mine?.typed?.reason ?? ''}
      minLength={5}
      maxLength={1000}
      error={error && t(error)}
      help={t('Kept with your name in the audit log. Write what you need it for, without anything private.')}
    />
  )
}
