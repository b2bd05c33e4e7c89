import Inbox from 'lucide-react/icons/inbox'
import KeyRound from 'lucide-react/icons/key-round'
import { Callout } from '#app/components/ui/Callout.tsx'
import { PageTitle } from '#app/components/ui/PageTitle.tsx'
import { EmptyState } from '#app/components/ui/Panel.tsx'
import { type Column, Table } from '#app/components/ui/Table.tsx'
import { Tag } from '#app/components/ui/Tag.tsx'
import { Time } from '#app/components/ui/Time.tsx'
import type { MailFilter, MailRow } from '#app/console/outbox.ts'
import { useI18n } from '#app/i18n/I18n.tsx'
import { paths } from '#app/paths.ts'
import { FilterChoice, Filters } from './Filters.tsx'
import { MailKind, MailTag } from './marks.tsx'
import { mailKinds, mailWords } from './words.ts'

export interface OutboxProps {
  rows: readonly MailRow[]
  older: string | undefined
  filter: MailFilter
  states: readonly MailRow['status'][]
  kinds: readonly string[]
  mailIsOff: boolean
}

/** Mail on its way and delivered, newest first. */
export function Outbox({ rows, older, filter, states, kinds, mailIsOff }: OutboxProps) {
  const { t } = useI18n()
  const { state, kind, before } = filter
  const narrowing = { ...(state ? { state } : {}), ...(kind ? { kind } : {}) }
  const narrowed = state !== undefined || kind !== undefined
  const columns: Column<MailRow>[] = [
    {
      id: 'kind',
      label: t('Mail'),
      cell: (row) => (
        <span className="inline-flex items-center gap-2 font-medium">
          <MailKind kind={row.kind} />
          {row.secret && (
            <Tag icon={KeyRound} tone="warn">
              {t('opens something')}
            </Tag>
          )}
        </span>
      ),
    },
    {
      id: 'to',
      label: t('To'),
      cell: (row) => row.maskedRecipient ?? <span className="text-ink-3">{t('no longer kept')}</span>,
      from: 'sm',
    },
    { id: 'status', label: t('Status'), cell: (row) => <MailTag status={row.status} /> },
    {
      id: 'failure',
      label: t('Failure'),
      cell: (row) => row.failure && <code className="font-mono text-xs">{row.failure}</code>,
      from: 'lg',
    },
    { id: 'at', label: t('Written'), cell: (row) => <Time ms={row.createdAt} show="relative" />, from: 'sm' },
  ]
  return (
    <>
      <PageTitle title={t('Mail')} />
      <div className="grid gap-4">
        {mailIsOff && (
          <Callout tone="warn" title={t('Mail is off')}>
            {t('No mail server is set, so mails wait here. Set SMTP_URL and MAIL_FROM to have them sent.')}
          </Callout>
        )}
        <Filters to={paths.outbox()} narrowed={narrowed}>
          <FilterChoice
            label={t('Status')}
            name="state"
            value={state}
            options={states.map((one) => ({ value: one, label: t(mailWords[one].word) }))}
          />
          <FilterChoice
            label={t('Mail')}
            name="kind"
            value={kind}
            options={kinds.map((one) => ({ value: one, label: mailKinds[one] ? t(mailKinds[one]) : one }))}
            wide
          />
        </Filters>
        <Table
          label={t('Mails')}
          columns={columns}
          rows={rows}
          rowKey={(row) => row.id}
          rowTo={(row) => paths.mail(row.id)}
          {...(before ? { newer: paths.outbox(narrowing) } : {})}
          {...(older ? { older: paths.outbox({ ...narrowing, before: older }) } : {})}
          empty={
            narrowed ? (
              <EmptyState title={t('Nothing fits')}>
                {t('No mail has this status or is of this kind.')}
              </EmptyState>
            ) : (
              <EmptyState icon={Inbox} title={t('No mail was written yet')}>
                {t('The first is written when somebody makes an account.')}
              </EmptyState>
            )
          }
        />
      </div>
    </>
  )
}
