import Plus from 'lucide-react/icons/plus'
import { LinkButton } from '#app/components/ui/Button.tsx'
import { PageTitle } from '#app/components/ui/PageTitle.tsx'
import { type Column, Table } from '#app/components/ui/Table.tsx'
import { Tag } from '#app/components/ui/Tag.tsx'
import type { ModelRow } from '#app/console/catalogue.ts'
import { useI18n } from '#app/i18n/I18n.tsx'
import { paths } from '#app/paths.ts'
import { hiddenWords, lifecycleWords } from './catalogue-words.ts'

export interface ModelsProps {
  models: readonly ModelRow[]
  mayChange: boolean
}

/** Every model there is a record of, those that people cannot choose too. */
export function Models({ models, mayChange }: ModelsProps) {
  const { t } = useI18n()
  const columns = useColumns(models)
  return (
    <>
      <PageTitle
        title={t('Models')}
        lead={t(
          'A model is a record: what it can do, what it costs and who runs it. People can choose those that are offered.',
        )}
        actions={
          mayChange && (
            <LinkButton to={paths.addModel()} icon={Plus} look="primary">
              {t('Add a model')}
            </LinkButton>
          )
        }
      />
      <Table
        label={t('Models')}
        columns={columns}
        rows={models}
        rowKey={({ id }) => id}
        rowTo={({ id }) => paths.model(id)}
        empty={<p className="text-ink-2">{t('There is no model. Add one by its record.')}</p>}
      />
    </>
  )
}

function useColumns(models: readonly ModelRow[]): Column<ModelRow>[] {
  const { t, number } = useI18n()
  const names = new Map(models.map(({ id, name }) => [id, name]))
  return [
    {
      id: 'model',
      label: t('Model'),
      cell: ({ name, version, own }) => (
        <span className="inline-flex items-center gap-2">
          <span className="font-medium">{name}</span>
          {/* Many are called by their version already. */}
          {!name.includes(version) && <span className="text-ink-3 text-xs">{version}</span>}
          {own && <Tag>{t('own')}</Tag>}
        </span>
      ),
    },
    {
      id: 'state',
      label: t('For people'),
      cell: ({ hidden }) =>
        hidden ? (
          <Tag tone={hiddenWords[hidden].tone}>{t(hiddenWords[hidden].word)}</Tag>
        ) : (
          <Tag tone="good">{t('offered')}</Tag>
        ),
    },
    {
      id: 'lifecycle',
      label: t('Lifecycle'),
      from: 'md',
      cell: ({ lifecycle }) => <LifecycleWord lifecycle={lifecycle} names={names} />,
    },
    {
      id: 'price',
      label: t('From'),
      align: 'end',
      from: 'sm',
      cell: ({ credits }) =>
        credits === null ? (
          <span className="text-ink-3">–</span>
        ) : (
          t('{credits, plural, one {# credit} other {# credits}}', { credits })
        ),
    },
    {
      id: 'routes',
      label: t('Routes in use'),
      align: 'end',
      from: 'md',
      cell: ({ routes }) =>
        t('{usable} of {all}', { usable: number(routes.usable), all: number(routes.all) }),
    },
    {
      id: 'providers',
      label: t('Run by'),
      from: 'lg',
      wrap: true,
      cell: ({ providers }) => <span className="text-ink-2">{providers.join(', ')}</span>,
    },
  ]
}

export function LifecycleWord(
  props: Pick<ModelRow, 'lifecycle'> & {
    /** Of models by their ids, for the replacement. */
    names: ReadonlyMap<string, string>
  },
) {
  const { lifecycle, names } = props
  const { t, date } = useI18n()
  const { state, sunsetOn, replacement } = lifecycle
  const word = lifecycleWords[state]
  return (
    <span className="inline-flex flex-wrap items-center gap-x-2">
      <Tag tone={word?.tone ?? 'plain'}>{word ? t(word.word) : state}</Tag>
      {sunsetOn && (
        <span className="text-ink-2" suppressHydrationWarning>
          {t('last day {day}', { day: date(Date.parse(`${sunsetOn}T12:00:00Z`), 'medium') })}
        </span>
      )}
      {replacement && (
        <span className="text-ink-3">
          {t('then {model}', { model: names.get(replacement) ?? replacement })}
        </span>
      )}
    </span>
  )
}
