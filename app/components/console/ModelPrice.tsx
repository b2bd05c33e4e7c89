import { useState } from 'react'
import { Panel } from '#app/components/ui/Panel.tsx'
import { Table } from '#app/components/ui/Table.tsx'
import { TextArea } from '#app/components/ui/TextField.tsx'
import type { ReadableModel } from '#app/console/catalogue.ts'
import { useI18n } from '#app/i18n/I18n.tsx'
import type { Example, tryPrice } from '#app/studio/catalogue/examples.ts'
import { type ActAnswer, ActForm } from './ActForm.tsx'
import { useActFields } from './act-fields.ts'
import { useDollars } from './catalogue-words.ts'

interface Props {
  model: ReadableModel
  /** What a rule gives; an empty one stands for the record's. */
  tried: (rule: string) => ReturnType<typeof tryPrice>
  mayChange: boolean
  answer: ActAnswer | undefined
}

/** The price rule, checked while it is typed, with what it gives and what is left of it. */
export function ModelPrice({ model, tried, mayChange, answer }: Props) {
  const { t } = useI18n()
  const { typed } = useActFields(answer, 'price')
  const { record, set } = model
  const [rule, setRule] = useState(() => typed('rule', set.priceRule ?? ''))
  const { fault, examples } = tried(rule.trim())
  return (
    <Panel
      title={t('Price')}
      note={t('In credits, rounded up. A video that is being made keeps the price that was agreed.')}
    >
      <div className="grid gap-4">
        {mayChange && (
          <ActForm intent="price" verb={t('Save the price')} answer={answer}>
            <TextArea
              label={t('Rule')}
              name="rule"
              rows={2}
              spellCheck={false}
              autoCapitalize="none"
              maxLength={2000}
              optional
              placeholder={model.given.price}
              value={rule}
              onChange={setRule}
              error={fault ? t(fault) : undefined}
              help={<RuleHelp />}
            />
          </ActForm>
        )}
        <p className="text-ink-2">
          {t('In force: version {version}', { version: record.price.version })}{' '}
          <code className="break-words font-mono text-xs">{record.price.credits}</code>
        </p>
        {!fault && <Examples examples={examples} model={model} />}
      </div>
    </Panel>
  )
}

function RuleHelp() {
  const { t } = useI18n()
  return (
    <>
      {t(
        'Empty: as the record has it. Values: seconds, resolution, audio, mode, images, videos, video_seconds, shots, cost (US dollars of the dearest route), credit (US dollars of one). Functions: ceil, floor, min, max, pick.',
      )}{' '}
      <code className="font-mono">ceil(cost / credit * 1.5)</code>
    </>
  )
}

interface Line {
  example: Example
  route: Example['routes'][number] | undefined
}

function Examples({ examples, model }: { examples: readonly Example[]; model: ReadableModel }) {
  const { t, number } = useI18n()
  const dollars = useDollars()
  const lines = examples.flatMap((example): Line[] =>
    example.routes.length === 0
      ? [{ example, route: undefined }]
      : example.routes.map((route) => ({ example, route })),
  )
  return (
    <Table
      label={t('Example prices and margins')}
      rows={lines}
      rowKey={({ example, route }) => `${example.resolution} ${route?.id}`}
      empty={null}
      columns={[
        {
          id: 'video',
          label: t('Video'),
          wrap: true,
          cell: ({ example }) =>
            t('{seconds} s, {resolution}', { seconds: example.seconds, resolution: example.resolution }),
        },
        {
          id: 'price',
          label: t('Credits'),
          align: 'end',
          cell: ({ example: { credits } }) => (credits === null ? '–' : number(credits)),
        },
        {
          id: 'worth',
          label: t('They stand for'),
          align: 'end',
          from: 'sm',
          cell: ({ example }) => (example.credits === null ? '–' : dollars(example.worthMicroUsd)),
        },
        {
          id: 'route',
          label: t('Route'),
          wrap: true,
          cell: ({ route }) =>
            route ? (
              <RouteName route={route.id} model={model} />
            ) : (
              <span className="text-ink-3">{t('none takes it')}</span>
            ),
        },
        {
          id: 'cost',
          label: t('Cost'),
          align: 'end',
          from: 'sm',
          cell: ({ route }) => (route ? dollars(route.costMicroUsd) : '–'),
        },
        {
          id: 'margin',
          label: t('Margin'),
          align: 'end',
          cell: ({ example, route }) =>
            route && example.credits !== null ? (
              <Margin
                worth={example.worthMicroUsd}
                cost={route.costMicroUsd}
                used={model.record.routes.some(({ id }) => id === route.id)}
              />
            ) : (
              '–'
            ),
        },
      ]}
    />
  )
}

function RouteName({ route, model }: { route: string; model: ReadableModel }) {
  const { t } = useI18n()
  const title = model.routes.find(({ id }) => id === route)?.provider.title ?? route
  const used = model.record.routes.some(({ id }) => id === route)
  return used ? title : <span className="text-ink-3">{t('{title}, not used', { title })}</span>
}

function Margin({ worth, cost, used }: { worth: number; cost: number; used: boolean }) {
  const { t, number } = useI18n()
  const dollars = useDollars()
  const margin = worth - cost
  if (margin < 0)
    return (
      <span className={used ? 'font-semibold text-bad' : 'text-ink-3'}>
        {t('{sum} lost', { sum: dollars(-margin) })}
      </span>
    )
  return (
    <>
      {dollars(margin)}
      {worth > 0 && (
        <span className="text-ink-3">
          {' '}
          {number(margin / worth, { style: 'percent', maximumFractionDigits: 0 })}
        </span>
      )}
    </>
  )
}
