import { Form, Link } from '@remix-run/react'
import { Button } from '#app/components/ui/Button.tsx'
import { Callout } from '#app/components/ui/Callout.tsx'
import { PageTitle } from '#app/components/ui/PageTitle.tsx'
import { List, ListRow, Panel, Stat } from '#app/components/ui/Panel.tsx'
import { Table } from '#app/components/ui/Table.tsx'
import { Tag } from '#app/components/ui/Tag.tsx'
import { Time } from '#app/components/ui/Time.tsx'
import type { ProviderPage } from '#app/console/providers.ts'
import { useI18n } from '#app/i18n/I18n.tsx'
import { paths } from '#app/paths.ts'
import { ActsBeside } from './ActsBeside.tsx'
import { offerWords, unusableWords, useDollars } from './catalogue-words.ts'
import { ConnectForm, type ProviderAnswer, ProviderForms } from './ProviderForms.tsx'
import { StateTag, TestWord } from './Providers.tsx'
import { Register } from './Register.tsx'

export interface ProviderProps {
  provider: ProviderPage
  countryName: string
  may: { change: boolean; register: boolean }
  answer: ProviderAnswer
}

/** One provider: how it stands, what it is allowed, what it took, and what it changed. */
export function Provider({ provider, countryName, may, answer }: ProviderProps) {
  const { t } = useI18n()
  const connected = provider.state !== 'not_connected'
  const forms = connected ? (
    <ProviderForms provider={provider} answer={answer} />
  ) : (
    <ConnectForm provider={provider} answer={answer} />
  )
  return (
    <>
      <PageTitle
        title={provider.title}
        back={{ to: paths.providers(), label: t('Providers') }}
        lead={provider.title === provider.driver.title ? undefined : provider.driver.title}
        actions={<StateTag state={provider.state} />}
      />
      <ActsBeside
        acts={may.change && forms}
        head={
          <>
            <Done answer={answer} provider={provider} />
            {connected && <Figures provider={provider} />}
          </>
        }
      >
        <Register provider={provider} countryName={countryName} mayChange={may.register} answer={answer} />
        <Routes provider={provider} />
        {provider.offers.length > 0 && <Offers provider={provider} mayChange={may.change} />}
        {connected && <Readings provider={provider} />}
      </ActsBeside>
    </>
  )
}

function Done({ answer, provider }: Pick<ProviderProps, 'answer' | 'provider'>) {
  const { t } = useI18n()
  const { test, gaps } = provider
  const failed = test?.error?.hint
  return (
    <>
      {answer?.ok && answer.intent !== 'test' && (
        <Callout announced tone="good">
          {answer.intent === 'dismiss' ? t('Put aside.') : t('Saved.')}
          {answer.intent === 'connect' && gaps.length > 0 && (
            <>
              {' '}
              <a href="#register" className="underline">
                {t('Next, complete the register: nothing is sent before.')}
              </a>
            </>
          )}
        </Callout>
      )}
      {answer?.ok && answer.intent === 'test' && !test?.error && (
        <Callout announced tone="good">
          {t('The test went well.')}
        </Callout>
      )}
      {failed && (
        <Callout announced={answer?.ok ?? false} tone="bad" title={t('The last test failed')}>
          {t(failed)}
        </Callout>
      )}
    </>
  )
}

function Figures({ provider }: Pick<ProviderProps, 'provider'>) {
  const { t, number } = useI18n()
  const dollars = useDollars()
  const { balance, usedMicroUsd: used, budgetMicroUsd: budget, inFlight, limits, drift } = provider
  return (
    <>
      <div className="grid grid-cols-2 gap-3 xl:grid-cols-4">
        <Stat
          label={t('Balance')}
          value={balance ? dollars(balance.microUsd) : '–'}
          note={balance ? <Time ms={balance.at} show="dateTime" style="medium" /> : t('It does not tell.')}
        />
        <Stat
          label={t('Used this month')}
          value={dollars(used)}
          note={
            budget === null
              ? t('no budget is set')
              : used >= budget
                ? t('the budget of {budget} is used up: nothing is sent', { budget: dollars(budget) })
                : t('of {budget}', { budget: dollars(budget) })
          }
        />
        <Stat
          label={t('Jobs under way')}
          value={number(inFlight)}
          note={limits && t('at most {most} at a time', { most: number(limits.inFlight) })}
        />
        <Stat
          label={t('Last test')}
          value={<TestWord row={provider} />}
          note={<KeyNote provider={provider} />}
        />
      </div>
      {drift && (
        <Callout
          tone="bad"
          title={t('Its account and our count differ by {sum}', { sum: dollars(Math.abs(drift.microUsd)) })}
        >
          {t(
            'Compare the cost rules of its routes with its prices, and look whether somebody else uses the key. The readings are below.',
          )}
        </Callout>
      )}
    </>
  )
}

function KeyNote({ provider: { key } }: Pick<ProviderProps, 'provider'>) {
  const { t } = useI18n()
  if (!key.set) return <>{key.wanted ? t('There is no key.') : t('It works without a key.')}</>
  if (!key.hint) return <>{t('A key is set.')}</>
  return <>{t('The key ends in {hint}.', { hint: key.hint })}</>
}

function Routes({ provider: { routes } }: Pick<ProviderProps, 'provider'>) {
  const { t } = useI18n()
  return (
    <Panel title={t('Models it runs')}>
      {routes.length === 0 ? (
        <p className="text-ink-2">
          {t('No model has a route to it yet.')}{' '}
          <Link to={paths.addModel()} className="text-accent underline">
            {t('Add a model by its record')}
          </Link>
        </p>
      ) : (
        <List>
          {routes.map(({ model, name, route, unusable }) => (
            <ListRow
              key={`${model} ${route}`}
              title={
                <span className="flex flex-wrap items-baseline gap-x-2">
                  <Link to={paths.model(model)} className="text-accent hover:underline">
                    {name}
                  </Link>
                  <code className="font-mono text-ink-3 text-xs">{route}</code>
                </span>
              }
              note={unusable ? t(unusableWords[unusable]) : undefined}
              end={<Tag tone={unusable ? 'plain' : 'good'}>{unusable ? t('not used') : t('in use')}</Tag>}
            />
          ))}
        </List>
      )}
    </Panel>
  )
}

function Offers({ provider: { offers }, mayChange }: { provider: ProviderPage; mayChange: boolean }) {
  const { t } = useI18n()
  return (
    <Panel
      title={t('What it changed')}
      note={t('In its own list of models and prices. Nothing here changes by itself.')}
      actions={mayChange && <Dismiss verb={t('Put all aside')} />}
    >
      <List>
        {offers.map(({ id, offer, kind, was, is_now: now, at }) => (
          <ListRow
            key={id}
            title={
              <span className="flex flex-wrap items-baseline gap-x-2 gap-y-0.5">
                <Tag tone={offerWords[kind]?.tone ?? 'plain'}>
                  {offerWords[kind] ? t(offerWords[kind].word) : kind}
                </Tag>
                <span className="min-w-0 break-words font-mono text-xs">{offer}</span>
              </span>
            }
            note={
              <>
                {was && now ? t('{was}, now {now}', { was, now }) : (now ?? was)} ·{' '}
                <Time ms={at} show="relative" />
              </>
            }
            end={mayChange && <Dismiss verb={t('Put aside')} change={id} />}
          />
        ))}
      </List>
    </Panel>
  )
}

function Dismiss({ verb, change }: { verb: string; change?: string }) {
  return (
    <Form method="post" preventScrollReset>
      <input type="hidden" name="intent" value="dismiss" />
      {change && <input type="hidden" name="change" value={change} />}
      <Button type="submit" look="plain">
        {verb}
      </Button>
    </Form>
  )
}

function Readings({ provider: { readings, balance } }: Pick<ProviderProps, 'provider'>) {
  const { t } = useI18n()
  const dollars = useDollars()
  return (
    <Panel
      title={t('Told and counted')}
      note={t('Once a day: its balance, next to what our record says was spent.')}
    >
      <Table
        label={t('Told and counted')}
        rows={readings}
        rowKey={({ at }) => String(at)}
        columns={[
          { id: 'at', label: t('Read'), cell: ({ at }) => <Time ms={at} style="medium" /> },
          {
            id: 'balance',
            label: t('Balance'),
            align: 'end',
            cell: (row) => dollars(row.balance_micro_usd),
          },
          {
            id: 'counted',
            label: t('Counted since'),
            align: 'end',
            from: 'sm',
            cell: (row) => dollars(row.counted_micro_usd),
          },
          {
            id: 'drift',
            label: t('Difference'),
            align: 'end',
            cell: ({ drift_micro_usd: drift }) =>
              drift === null ? <span className="text-ink-3">{t('money came in')}</span> : dollars(drift),
          },
        ]}
        empty={
          <p className="text-ink-2">
            {balance
              ? t('The first reading comes with the next nightly look.')
              : t('There is none: this provider does not tell its balance, or was not asked yet.')}
          </p>
        }
      />
    </Panel>
  )
}
