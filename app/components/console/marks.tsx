import CircleAlert from 'lucide-react/icons/circle-alert'
import CircleCheck from 'lucide-react/icons/circle-check'
import CircleDashed from 'lucide-react/icons/circle-dashed'
import CircleHelp from 'lucide-react/icons/circle-question-mark'
import { Tag } from '#app/components/ui/Tag.tsx'
import { useI18n } from '#app/i18n/I18n.tsx'
import type { MailStatus, SubjectStatus } from '#core/db/schema/accounts.ts'
import type { GenerationState } from '#core/db/schema/studio.ts'
import { generationWords, mailKinds, mailWords, queueWords, statusWords } from './words.ts'

/** States as the console shows them everywhere, and ids in the length that a table can bear. */
export function GenerationTag({ state }: { state: GenerationState }) {
  const { t } = useI18n()
  return <Tag tone={generationWords[state].tone}>{t(generationWords[state].word)}</Tag>
}

export function StatusTag({ status }: { status: SubjectStatus }) {
  const { t } = useI18n()
  return <Tag tone={statusWords[status].tone}>{t(statusWords[status].word)}</Tag>
}

export function MailTag({ status }: { status: MailStatus }) {
  const { t } = useI18n()
  return <Tag tone={mailWords[status].tone}>{t(mailWords[status].word)}</Tag>
}

export function PromiseTag({ state }: { state: 'kept' | 'broken' | 'unknown' | 'not_made' }) {
  const { t } = useI18n()
  if (state === 'kept')
    return (
      <Tag tone="good" icon={CircleCheck}>
        {t('kept')}
      </Tag>
    )
  if (state === 'broken')
    return (
      <Tag tone="bad" icon={CircleAlert}>
        {t('broken')}
      </Tag>
    )
  if (state === 'unknown')
    return (
      <Tag tone="warn" icon={CircleHelp}>
        {t('unknown')}
      </Tag>
    )
  return <Tag icon={CircleDashed}>{t('not made')}</Tag>
}

/** The kind of thing and the random end, which is what tells two of them apart; all of it on hover. */
export function ShortId({ id }: { id: string }) {
  const kind = id.split('_')[0]
  const short = /^[a-z]{3}_[0-9a-z]{26}$/.test(id) ? `${kind}…${id.slice(-8)}` : id
  return (
    <code title={id} className="whitespace-nowrap font-mono text-xs">
      {short}
    </code>
  )
}

export function MailKind({ kind }: { kind: string }) {
  const { t } = useI18n()
  const word = mailKinds[kind]
  return <>{word ? t(word) : kind}</>
}

export function QueueWord({ queue }: { queue: string }) {
  const { t } = useI18n()
  const word = queueWords[queue]
  return <>{word ? t(word) : queue}</>
}
