import { Link } from '@remix-run/react'
import { Callout } from '#app/components/ui/Callout.tsx'
import { PageTitle } from '#app/components/ui/PageTitle.tsx'
import { DefinitionList, Panel } from '#app/components/ui/Panel.tsx'
import { Time } from '#app/components/ui/Time.tsx'
import type { MailFacts } from '#app/console/outbox.ts'
import { useI18n } from '#app/i18n/I18n.tsx'
import { paths } from '#app/paths.ts'
import type { ReadableMail } from '#core/mail/outbox.ts'
import { type ActAnswer, ActForm, ReasonField, Refused } from './ActForm.tsx'
import { MailKind, MailTag, ShortId } from './marks.tsx'

export interface MailProps {
  mail: MailFacts
  mayPerson: boolean
  answer: MailAnswer
}

export type MailAnswer =
  | undefined
  | (ActAnswer & { intent: 'reveal_mail'; result?: ReadableMail })
  | (ActAnswer & { intent: 'retry_mail' })

/** One mail: how it stands, and its text for a reason while it is still kept. */
export function Mail({ mail, mayPerson, answer }: MailProps) {
  const { t, number } = useI18n()
  return (
    <>
      <PageTitle
        title={<MailKind kind={mail.kind} />}
        back={{ to: paths.outbox(), label: t('Mail') }}
        actions={<MailTag status={mail.status} />}
      />
      <div className="grid max-w-[760px] gap-5">
        <Again mail={mail} answer={answer} />
        <Panel>
          <DefinitionList
            items={[
              { term: t('To'), detail: mail.maskedRecipient ?? t('no longer kept') },
              {
                term: t('Person'),
                detail: !mail.subject ? (
                  t('no account')
                ) : mayPerson ? (
                  <Link to={paths.person(mail.subject)} className="text-accent hover:underline">
                    <ShortId id={mail.subject} />
                  </Link>
                ) : (
                  <ShortId id={mail.subject} />
                ),
              },
              { term: t('Written'), detail: <Time ms={mail.createdAt} show="dateTime" /> },
              {
                term: t('Delivered'),
                detail: mail.sentAt === null ? t('not yet') : <Time ms={mail.sentAt} show="dateTime" />,
              },
              { term: t('Tries'), detail: number(mail.attempts) },
              ...(mail.failure
                ? [{ term: t('Failure'), detail: <code className="font-mono text-xs">{mail.failure}</code> }]
                : []),
            ]}
          />
        </Panel>
        <Panel title={t('Text')}>
          <Text mail={mail} answer={answer} />
        </Panel>
      </div>
    </>
  )
}

/** For a mail that was tried as often as allowed: why, and the way to have it tried anew. */
function Again({ mail, answer }: Pick<MailProps, 'mail' | 'answer'>) {
  const { t } = useI18n()
  const mine = answer?.intent === 'retry_mail' ? answer : undefined
  if (mine?.ok)
    return (
      <Callout announced tone="good">
        {mail.status === 'held'
          ? t('It waits here, since no mail server is set.')
          : t('It is tried again, as soon as a worker is free.')}
      </Callout>
    )
  if (!mail.mayRetry) return <Refused answer={mine} />
  return (
    <Callout tone="bad" title={t('It could not be delivered')}>
      <ActForm
        intent="retry_mail"
        verb={t('Try again')}
        look="quiet"
        lead={t(
          'It was tried as often as allowed and is kept. Trying again helps when the cause is gone; a link in it may have ended by now.',
        )}
        answer={answer}
      />
    </Callout>
  )
}

function Text({ mail, answer }: Pick<MailProps, 'mail' | 'answer'>) {
  const { t } = useI18n()
  if (answer?.intent === 'reveal_mail' && answer.ok && answer.result) return <Letter letter={answer.result} />
  if (!mail.hasText)
    return (
      <p className="text-ink-2">
        {mail.status === 'failed'
          ? t('This mail can never be delivered, so its text is no longer kept.')
          : t('This mail was delivered, so its text is no longer kept.')}
      </p>
    )
  if (!mail.mayReveal)
    return (
      <p className="text-ink-2">
        {t('It carries a link that opens something of this person, so only an owner can read it.')}
      </p>
    )
  return (
    <ActForm
      intent="reveal_mail"
      verb={t('Show it once')}
      lead={
        mail.secret
          ? t('It carries a link that opens something of this person. Use it for nobody but them.')
          : t('Shows the text and the whole address, on this page until you leave it.')
      }
      answer={answer}
    >
      <ReasonField intent="reveal_mail" answer={answer} />
    </ActForm>
  )
}

function Letter({ letter }: { letter: ReadableMail }) {
  const { t } = useI18n()
  const { title, to, body, locale } = letter
  return (
    <Callout announced tone="accent" title={title}>
      <div lang={locale} className="grid gap-2 text-ink">
        <p className="text-ink-2">{t('To {address}', { address: to })}</p>
        {body.greeting && <p>{body.greeting}</p>}
        {body.paragraphs.map((paragraph) => (
          <p key={paragraph}>{paragraph}</p>
        ))}
        {body.action && (
          <p>
            {body.action.label}: <code className="break-all font-mono text-xs">{body.action.url}</code>
          </p>
        )}
        <p className="text-ink-3 text-xs">{body.footer}</p>
      </div>
    </Callout>
  )
}
