import Clapperboard from 'lucide-react/icons/clapperboard'
import { PageTitle } from '#app/components/ui/PageTitle.tsx'
import { EmptyState } from '#app/components/ui/Panel.tsx'
import { type Column, Table } from '#app/components/ui/Table.tsx'
import { Tag } from '#app/components/ui/Tag.tsx'
import { TextField } from '#app/components/ui/TextField.tsx'
import { Time } from '#app/components/ui/Time.tsx'
import type { GenerationFilter, listGenerations } from '#app/console/generations.ts'
import { useI18n } from '#app/i18n/I18n.tsx'
import { paths } from '#app/paths.ts'
import type { GenerationState } from '#core/db/schema/studio.ts'
import { FilterChoice, Filters } from './Filters.tsx'
import { GenerationTag, ShortId } from './marks.tsx'
import { generationWords } from './words.ts'

type Listed = Awaited<ReturnType<typeof listGenerations>>
type Row = Listed['rows'][number]

/** Every video that was asked for, newest first; what was asked for is not shown. */
export function Generations(
  props: Listed & { filter: GenerationFilter; states: readonly (GenerationState | 'late')[] },
) {
  const { rows, older, filter, states } = props
  const { t, number, duration } = useI18n()
  const { state, subject, before } = filter
  const narrowing = { ...(state ? { state } : {}), ...(subject ? { subject } : {}) }
  const narrowed = state !== undefined || subject !== undefined
  const columns: Column<Row>[] = [
    { id: 'id', label: t('Video'), cell: (row) => <ShortId id={row.id} /> },
    {
      id: 'state',
      label: t('State'),
      cell: (row) => (
        <>
          <GenerationTag state={row.state} /> {row.late && <Tag tone="bad">{t('late')}</Tag>}
        </>
      ),
    },
    { id: 'person', label: t('Person'), cell: (row) => <ShortId id={row.subject_id} />, from: 'sm' },
    { id: 'model', label: t('Model'), cell: (row) => row.model, from: 'md' },
    { id: 'asked', label: t('Asked for'), cell: (row) => <Time ms={row.created_at} show="relative" /> },
    {
      id: 'took',
      label: t('Took'),
      align: 'end',
      from: 'md',
      cell: (row) =>
        row.started_at !== null && row.ended_at !== null ? duration(row.ended_at - row.started_at) : '–',
    },
    { id: 'price', label: t('Credits'), align: 'end', cell: (row) => number(row.price), from: 'sm' },
    {
      id: 'error',
      label: t('Error'),
      cell: (row) => row.error_code && <code className="font-mono text-xs">{row.error_code}</code>,
      from: 'lg',
    },
  ]
  return (
    <>
      <PageTitle title={t('Generations')} />
      <Filters to={paths.generations()} narrowed={narrowed}>
        <FilterChoice
          label={t('State')}
          name="state"
          value={state}
          options={states.map((one) => ({
            value: one,
            label: one === 'late' ? t('past the deadline') : t(generationWords[one].word),
          }))}
        />
        <div className="sm:w-80">
          <TextField
            label={t('Id of a person')}
            name="subject"
            optional
            defaultValue={subject ?? ''}
            autoComplete="off"
            spellCheck={false}
            maxLength={40}
          />
        </div>
      </Filters>
      <Table
        label={t('Videos')}
        columns={columns}
        rows={rows}
        rowKey={(row) => row.id}
        rowTo={(row) => paths.generation(row.id)}
        {...(before ? { newer: paths.generations(narrowing) } : {})}
        {...(older ? { older: paths.generations({ ...narrowing, before: older }) } : {})}
        empty={
          narrowed ? (
            <EmptyState title={t('Nothing fits')}>
              {t('No video is in this state or of this person.')}
            </EmptyState>
          ) : (
            <EmptyState icon={Clapperboard} title={t('No video was asked for yet')}>
              {t('They show up here with their state and history. Their prompts stay sealed.')}
            </EmptyState>
          )
        }
      />
    </>
  )
}
