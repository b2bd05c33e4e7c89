import { Button } from '#app/components/ui/Button.tsx'
import { Callout } from '#app/components/ui/Callout.tsx'
import { Panel } from '#app/components/ui/Panel.tsx'
import { TextField } from '#app/components/ui/TextField.tsx'
import type { ProviderPage } from '#app/console/providers.ts'
import { useI18n } from '#app/i18n/I18n.tsx'
import { type ActAnswer, ActForm, FoldedAct } from './ActForm.tsx'
import { useActFields } from './act-fields.ts'
import { ConfirmField } from './ConfirmField.tsx'
import { DriverFields } from './DriverFields.tsx'

export type ProviderAnswer = (ActAnswer & { result?: unknown; refusal?: { code?: string } }) | undefined

interface Props {
  provider: ProviderPage
  answer: ProviderAnswer
}

/** The first form of a provider: its key and where it is. */
export function ConnectForm({ provider, answer }: Props) {
  const { t } = useI18n()
  const { typed } = useActFields(answer, 'connect')
  const { driver, key } = provider
  const own = !key.wanted
  return (
    <Panel title={t('Connect')} note={t('It is tested with a free call first. Nothing is sent to it yet.')}>
      <ActForm intent="connect" verb={t('Test and switch on')} beside={<SaveOff />} answer={answer}>
        <AfterFailedTest answer={answer} intent="connect" />
        {own && (
          <TextField
            label={t('Name')}
            name="title"
            maxLength={60}
            defaultValue={typed('title', provider.title)}
            help={t('As staff and, with its models, people read it.')}
          />
        )}
        <KeyField provider={provider} intent="connect" answer={answer} optional={own} />
        {own && (
          <DriverFields
            intent="connect"
            addresses={provider.addresses}
            settings={provider.settings}
            answer={answer}
          />
        )}
      </ActForm>
      {driver.keysUrl && <KeysLink url={driver.keysUrl} />}
    </Panel>
  )
}

/** Everything that can be set of a connection. */
export function ProviderForms({ provider, answer }: Props) {
  const { t } = useI18n()
  const { id, title, state, driver, key } = provider
  const { typed, error } = useActFields(answer, 'settings')
  return (
    <Panel title={t('What you can do')} lifted>
      <Switch provider={provider} answer={answer} />
      <FoldedAct
        intent="key"
        title={key.set ? t('Change the key') : t('Paste a key')}
        verb={t('Test and switch on')}
        beside={<SaveOff />}
        lead={t(
          'It is sealed at once and never shown again. The one that works stays until the new one was tested.',
        )}
        answer={answer}
      >
        <AfterFailedTest answer={answer} intent="key" />
        <KeyField provider={provider} intent="key" answer={answer} optional={false} />
        {driver.keysUrl && <KeysLink url={driver.keysUrl} />}
      </FoldedAct>
      <FoldedAct
        intent="settings"
        title={t('Name, addresses and settings')}
        verb={t('Save')}
        {...(state === 'on' ? { lead: t('Tested before they are saved, since it is on.') } : {})}
        answer={answer}
      >
        <TextField
          label={t('Name')}
          name="title"
          maxLength={60}
          defaultValue={typed('title', title)}
          error={error('title')}
        />
        <DriverFields
          intent="settings"
          addresses={provider.addresses}
          settings={provider.settings}
          answer={answer}
        />
      </FoldedAct>
      <Limits provider={provider} answer={answer} />
      {driver.webhook === 'signed_with_secret' && <WebhookSecret provider={provider} answer={answer} />}
      <FoldedAct
        intent="remove"
        title={t('Remove this provider')}
        verb={t('Remove')}
        look="danger"
        lead={t(
          'Its key is destroyed, and what it still stores of finished videos can no longer be deleted from here. Sums and the register stay.',
        )}
        answer={answer}
      >
        <ConfirmField word={id} intent="remove" answer={answer} />
      </FoldedAct>
    </Panel>
  )
}

function Switch({ provider: { state }, answer }: Props) {
  const { t } = useI18n()
  const on = state === 'on'
  return (
    <div className="flex flex-wrap items-start gap-2 border-line border-b pb-3">
      <ActForm
        intent="switch"
        verb={on ? t('Switch off') : t('Test and switch on')}
        look={on ? 'quiet' : 'primary'}
        hidden={{ to: on ? 'off' : 'on' }}
        answer={answer}
      />
      <ActForm intent="test" verb={t('Test now')} look="quiet" answer={answer} />
    </div>
  )
}

function KeyField(props: Props & { intent: string; optional: boolean }) {
  const { provider, intent, answer, optional } = props
  const { t } = useI18n()
  const { error } = useActFields(answer, intent)
  return (
    <TextField
      label={t('Key')}
      name="key"
      type="password"
      autoComplete="off"
      spellCheck={false}
      maxLength={16_000}
      optional={optional}
      error={error('key')}
      help={
        provider.driver.name === 'vertex'
          ? t('The whole JSON file of the service account.')
          : t('Sealed when it arrives. Only its last four characters are shown afterwards.')
      }
    />
  )
}

/** Beside the button that tests: keeps what was typed, and sends nothing to the provider but the test. */
function SaveOff() {
  const { t } = useI18n()
  return (
    <Button type="submit" name="how" value="off" look="quiet">
      {t('Save it switched off')}
    </Button>
  )
}

function AfterFailedTest({ answer, intent }: { answer: ProviderAnswer; intent: string }) {
  const { t } = useI18n()
  if (answer?.intent !== intent || answer.refusal?.code !== 'test_failed') return null
  return (
    <Callout tone="warn" title={t('Nothing was saved')}>
      {t('The test of the connection failed. Mend it and try again, or save it switched off and come back.')}
    </Callout>
  )
}

function KeysLink({ url }: { url: string }) {
  const { rich } = useI18n()
  return (
    <p className="mt-2 text-ink-3 text-xs">
      {rich(
        'Keys are made at <a>{host}</a>.',
        {
          a: (part) => (
            <a href={url} rel="noreferrer" target="_blank" className="underline hover:text-ink">
              {part}
            </a>
          ),
        },
        { host: new URL(url).host },
      )}
    </p>
  )
}

function Limits({ provider: { limits, budgetMicroUsd }, answer }: Props) {
  const { t } = useI18n()
  const { typed, error } = useActFields(answer, 'limits')
  if (!limits) return null
  const fields = [
    { name: 'submitsPer10s', label: t('Jobs handed over in ten seconds'), value: limits.submitsPer10s },
    { name: 'pollsPerSecond', label: t('Questions about jobs in a second'), value: limits.pollsPerSecond },
    { name: 'inFlight', label: t('Jobs there at a time'), value: limits.inFlight },
  ]
  return (
    <FoldedAct intent="limits" title={t('Limits and budget')} verb={t('Save')} answer={answer}>
      {fields.map(({ name, label, value }) => (
        <TextField
          key={name}
          label={label}
          name={name}
          inputMode="decimal"
          defaultValue={typed(name, String(value))}
          error={error(name)}
        />
      ))}
      <TextField
        label={t('Budget for a month, in US dollars')}
        name="budget"
        inputMode="decimal"
        optional
        defaultValue={typed('budget', budgetMicroUsd === null ? '' : String(budgetMicroUsd / 1e6))}
        error={error('budget')}
        help={t('When it is used up, nothing is sent there that would cost until the next month (UTC).')}
      />
    </FoldedAct>
  )
}

function WebhookSecret({ provider: { hasWebhookSecret }, answer }: Props) {
  const { t } = useI18n()
  const { error } = useActFields(answer, 'webhook_secret')
  return (
    <FoldedAct
      intent="webhook_secret"
      beside={
        hasWebhookSecret && (
          <Button type="submit" name="how" value="remove" look="quiet">
            {t('Remove the secret')}
          </Button>
        )
      }
      title={hasWebhookSecret ? t('Change the webhook secret') : t('Paste a webhook secret')}
      verb={t('Save')}
      lead={t(
        'With it, the provider’s messages are believed and videos arrive a little sooner. Without it, it is asked at intervals.',
      )}
      answer={answer}
    >
      <TextField
        label={t('Secret')}
        name="secret"
        type="password"
        autoComplete="off"
        spellCheck={false}
        maxLength={16_000}
        optional
        error={error('secret')}
      />
    </FoldedAct>
  )
}
