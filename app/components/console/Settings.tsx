import { Callout } from '#app/components/ui/Callout.tsx'
import { PageTitle } from '#app/components/ui/PageTitle.tsx'
import { DefinitionList, Panel } from '#app/components/ui/Panel.tsx'
import { Tag } from '#app/components/ui/Tag.tsx'
import { TextField } from '#app/components/ui/TextField.tsx'
import type { RunningSettings } from '#app/console/settings.ts'
import { useI18n } from '#app/i18n/I18n.tsx'
import { type ActAnswer, ActForm } from './ActForm.tsx'
import { useActFields } from './act-fields.ts'
import { useDollars } from './catalogue-words.ts'

export interface SettingsProps {
  site: { site_name: string; contact: string }
  /** What a credit stands for, in millionths of a US dollar. */
  creditMicroUsd: number
  running: RunningSettings
  mayChange: boolean
  answer: (ActAnswer & { result?: { changed: boolean } }) | undefined
}

/** What the owner sets here, and how the installation was started. */
export function Settings({ site, creditMicroUsd, running, mayChange, answer }: SettingsProps) {
  const { t } = useI18n()
  return (
    <>
      <PageTitle title={t('Settings')} />
      <div className="grid items-start gap-5 lg:grid-cols-2">
        <Panel title={t('This site')}>
          {mayChange ? (
            <SiteForm site={site} answer={answer} />
          ) : (
            <DefinitionList
              items={[
                { term: t('Name'), detail: site.site_name },
                { term: t('Contact'), detail: site.contact || t('none') },
              ]}
            />
          )}
        </Panel>
        <Credit creditMicroUsd={creditMicroUsd} mayChange={mayChange} answer={answer} />
        <Running running={running} />
      </div>
    </>
  )
}

function SiteForm({ site, answer }: Pick<SettingsProps, 'site' | 'answer'>) {
  const { t } = useI18n()
  const wrong = answer?.refusal?.fields
  return (
    <div className="grid gap-3">
      {answer?.ok && answer.intent === 'change' && (
        <Callout announced tone="good">
          {answer.result?.changed
            ? t('Saved. It shows on every page from now on.')
            : t('Nothing was different.')}
        </Callout>
      )}
      <ActForm key={`${site.site_name} ${site.contact}`} intent="change" verb={t('Save')} answer={answer}>
        <TextField
          label={t('Name')}
          name="site_name"
          defaultValue={answer?.typed?.site_name ?? site.site_name}
          maxLength={60}
          error={wrong?.site_name && t(wrong.site_name)}
        />
        <TextField
          label={t('Contact')}
          name="contact"
          type="email"
          optional
          defaultValue={answer?.typed?.contact ?? site.contact}
          maxLength={254}
          help={t('A mail address for questions, shown on public pages.')}
          error={wrong?.contact && t(wrong.contact)}
        />
      </ActForm>
    </div>
  )
}

function Credit({
  creditMicroUsd,
  mayChange,
  answer,
}: Pick<SettingsProps, 'creditMicroUsd' | 'mayChange' | 'answer'>) {
  const { t } = useI18n()
  const { typed, error } = useActFields(answer, 'credit')
  const dollars = useDollars()
  return (
    <Panel
      title={t('What a credit stands for')}
      note={t('Margins are told with it, and prices that follow a provider’s cost are computed with it.')}
    >
      {mayChange ? (
        <div className="grid gap-3">
          {answer?.ok && answer.intent === 'credit' && (
            <Callout announced tone="good">
              {answer.result?.changed
                ? t('Saved. It counts for what is asked for from now on.')
                : t('Nothing was different.')}
            </Callout>
          )}
          <ActForm key={creditMicroUsd} intent="credit" verb={t('Save')} answer={answer}>
            <TextField
              label={t('US dollars for a credit')}
              name="credit"
              inputMode="decimal"
              defaultValue={typed('credit', String(creditMicroUsd / 1e6))}
              error={error('credit')}
            />
          </ActForm>
        </div>
      ) : (
        <DefinitionList items={[{ term: t('One credit'), detail: dollars(creditMicroUsd) }]} />
      )}
    </Panel>
  )
}

function Running({ running }: Pick<SettingsProps, 'running'>) {
  const { t, number } = useI18n()
  const base = { sqlite: t('SQLite, in the data folder'), postgres: t('PostgreSQL') }
  const days = (count: number) => t('{count, plural, one {# day} other {# days}}', { count })
  return (
    <Panel
      title={t('How it runs')}
      note={t('Set by the environment when it starts. Secrets are not shown anywhere.')}
    >
      <DefinitionList
        items={[
          { term: t('Address'), detail: running.appUrl },
          { term: t('Database'), detail: base[running.database] },
          { term: t('Keyring'), detail: <Keyring running={running} /> },
          {
            term: t('Installation key'),
            detail:
              running.installationKey === 'file'
                ? t('a file in the data folder, in keyring/master.key')
                : t('from the environment'),
          },
          {
            term: t('Files'),
            detail: running.storage === 's3' ? t('an S3 bucket, sealed') : t('the data folder, sealed'),
          },
          { term: t('Mail'), detail: <OnOff on={running.mail === 'smtp'} /> },
          {
            term: t('New accounts'),
            detail: running.signUp === 'open' ? t('open to everybody') : t('closed'),
          },
          { term: t('Signing engine'), detail: running.engine },
          { term: t('Credits for a new account'), detail: number(running.welcomeCredits) },
          { term: t('Unsaved videos are kept'), detail: days(running.keepUnsavedDays) },
          { term: t('The audit log is kept'), detail: days(running.keepAuditDays) },
        ]}
      />
    </Panel>
  )
}

function Keyring({ running }: Pick<SettingsProps, 'running'>) {
  const { t } = useI18n()
  const where = running.keyring === 'sqlite' ? t('a file of its own') : t('PostgreSQL')
  return (
    <span className="flex flex-wrap items-center gap-2">
      {where}
      {running.keyringPlacement === 'apart' ? (
        <Tag tone="good">{t('apart from the data')}</Tag>
      ) : (
        <Tag tone="warn">{t('on the server that holds the data')}</Tag>
      )}
    </span>
  )
}

function OnOff({ on }: { on: boolean }) {
  const { t } = useI18n()
  return on ? <Tag tone="good">{t('on')}</Tag> : <Tag tone="warn">{t('off')}</Tag>
}
