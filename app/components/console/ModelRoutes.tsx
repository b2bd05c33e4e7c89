import { Form, Link } from '@remix-run/react'
import ArrowDown from 'lucide-react/icons/arrow-down'
import ArrowUp from 'lucide-react/icons/arrow-up'
import CircleAlert from 'lucide-react/icons/circle-alert'
import { Button, IconButton } from '#app/components/ui/Button.tsx'
import { FieldScope } from '#app/components/ui/Field.tsx'
import { Icon } from '#app/components/ui/Icon.tsx'
import { Panel } from '#app/components/ui/Panel.tsx'
import { Tag } from '#app/components/ui/Tag.tsx'
import { TextField } from '#app/components/ui/TextField.tsx'
import { Time } from '#app/components/ui/Time.tsx'
import type { ReadableModel, RouteView } from '#app/console/catalogue.ts'
import { useI18n } from '#app/i18n/I18n.tsx'
import { paths } from '#app/paths.ts'
import type { ActAnswer } from './ActForm.tsx'
import { useActFields } from './act-fields.ts'
import { unusableWords } from './catalogue-words.ts'

interface Props {
  model: ReadableModel
  mayChange: boolean
  answer: ActAnswer | undefined
}

/** The ways to run a model, in the order in which they are tried, and how each fares. */
export function ModelRoutes({ model, mayChange, answer }: Props) {
  const { t } = useI18n()
  const { routes, ordered } = model
  return (
    <Panel
      title={t('Routes')}
      note={
        ordered
          ? t('Tried from the top, among those that work and that the person was shown.')
          : t('The cheapest is tried first. Moving one makes the order yours.')
      }
    >
      <ol className="grid gap-3">
        {routes.map((route, at) => (
          <li key={route.id} className="grid gap-2 rounded-sm border border-line p-3 text-sm">
            <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
              <Link
                to={paths.provider(route.provider.id)}
                className="font-medium text-accent hover:underline"
              >
                {route.provider.title}
              </Link>
              <code className="font-mono text-ink-3 text-xs">{route.id}</code>
              <span className="mr-auto">
                <RouteTag route={route} />
              </span>
              {mayChange && (
                <span className="flex items-center gap-1">
                  {routes.length > 1 && (
                    <>
                      <Move route={route.id} to="up" disabled={at === 0} />
                      <Move route={route.id} to="down" disabled={at === routes.length - 1} />
                    </>
                  )}
                  <OnOff route={route} />
                </span>
              )}
            </div>
            {route.unusable && route.unusable !== 'off' && (
              <p className="flex items-start gap-1.5 text-warn">
                <Icon of={CircleAlert} size={15} className="mt-0.5" />
                {t(unusableWords[route.unusable])}
              </p>
            )}
            <Health route={route} />
            <Cost route={route} mayChange={mayChange} answer={answer} />
          </li>
        ))}
      </ol>
    </Panel>
  )
}

function RouteTag({ route }: { route: RouteView }) {
  const { t } = useI18n()
  if (!route.isOn) return <Tag>{t('off')}</Tag>
  if (route.unusable) return <Tag tone="warn">{t('not used')}</Tag>
  if (route.openUntil !== null) return <Tag tone="bad">{t('resting')}</Tag>
  return <Tag tone="good">{t('in use')}</Tag>
}

function Move({ route, to, disabled }: { route: string; to: 'up' | 'down'; disabled: boolean }) {
  const { t } = useI18n()
  return (
    <Form method="post" preventScrollReset>
      <input type="hidden" name="intent" value="move_route" />
      <input type="hidden" name="route" value={route} />
      <input type="hidden" name="to" value={to} />
      <IconButton
        type="submit"
        icon={to === 'up' ? ArrowUp : ArrowDown}
        label={to === 'up' ? t('Move {route} up', { route }) : t('Move {route} down', { route })}
        disabled={disabled}
      />
    </Form>
  )
}

function OnOff({ route: { id, isOn } }: { route: RouteView }) {
  const { t } = useI18n()
  return (
    <Form method="post" preventScrollReset>
      <input type="hidden" name="intent" value="switch_route" />
      <input type="hidden" name="route" value={id} />
      <input type="hidden" name="to" value={isOn ? 'off' : 'on'} />
      <Button type="submit">{isOn ? t('Switch off') : t('Switch on')}</Button>
    </Form>
  )
}

function Health({ route }: { route: RouteView }) {
  const { t, number, duration } = useI18n()
  const { fare, lastError, openUntil } = route
  const share = fare.ended === 0 ? null : fare.made / fare.ended
  return (
    <div className="num grid gap-1 text-ink-2">
      <p>
        {share === null
          ? t('Nothing ended here in 30 days.')
          : t('{share} of the last {count} went well', {
              share: number(share, { style: 'percent', maximumFractionDigits: 0 }),
              count: number(fare.ended),
            })}
        {fare.medianMs !== null && <>, {t('usually in {time}', { time: duration(fare.medianMs) })}</>}
        {fare.refused > 0 && (
          <>, {t('{count} more were refused for their content', { count: number(fare.refused) })}</>
        )}
      </p>
      {openUntil !== null && (
        <p className="text-bad">
          {t('Left alone after failures in a row, until')} <Time ms={openUntil} show="time" />
        </p>
      )}
      {lastError && (
        <p>
          {t('Last failure')} {lastError.at !== null && <Time ms={lastError.at} show="relative" />}:{' '}
          {lastError.hint ? t(lastError.hint) : <code className="font-mono text-xs">{lastError.class}</code>}
        </p>
      )}
    </div>
  )
}

function Cost({
  route,
  mayChange,
  answer,
}: {
  route: RouteView
  mayChange: boolean
  answer: ActAnswer | undefined
}) {
  const { t } = useI18n()
  // The same form stands once for each route: only that which was sent shows the answer.
  const mine = answer?.typed?.route === route.id ? answer : undefined
  const { typed, error } = useActFields(mine, 'cost')
  const rule = <code className="break-words font-mono text-xs">{route.cost}</code>
  if (!mayChange)
    return (
      <p className="text-ink-2">
        {t('Cost in US dollars')}: {rule}
      </p>
    )
  return (
    <details open={error('rule') !== undefined || undefined}>
      <summary className="w-fit text-ink-2 hover:text-ink">
        {t('Cost in US dollars')}: {rule} {route.ownCost && <Tag>{t('changed here')}</Tag>}
      </summary>
      <FieldScope value={`cost-${route.id}`}>
        <Form method="post" preventScrollReset className="mt-2 grid gap-2">
          <input type="hidden" name="intent" value="cost" />
          <input type="hidden" name="route" value={route.id} />
          <TextField
            label={t('Rule for {route}', { route: route.id })}
            name="rule"
            optional
            maxLength={2000}
            spellCheck={false}
            autoCapitalize="none"
            defaultValue={typed('rule', route.ownCost ? route.cost : '')}
            placeholder={route.cost}
            error={error('rule')}
            help={t('What the provider takes for a job. Empty: as the record has it.')}
          />
          <div>
            <Button type="submit">{t('Save the cost')}</Button>
          </div>
        </Form>
      </FieldScope>
    </details>
  )
}
