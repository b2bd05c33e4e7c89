import Search from 'lucide-react/icons/search'
import UserPlus from 'lucide-react/icons/user-plus'
import { Icon } from '#app/components/ui/Icon.tsx'
import { PageTitle } from '#app/components/ui/PageTitle.tsx'
import { EmptyState, Panel } from '#app/components/ui/Panel.tsx'
import { type Column, Table } from '#app/components/ui/Table.tsx'
import { Tag } from '#app/components/ui/Tag.tsx'
import { TextField } from '#app/components/ui/TextField.tsx'
import { Time } from '#app/components/ui/Time.tsx'
import type { PersonRow } from '#app/console/people.ts'
import { useI18n } from '#app/i18n/I18n.tsx'
import { paths } from '#app/paths.ts'
import { type ActAnswer, ActForm } from './ActForm.tsx'
import { ShortId, StatusTag } from './marks.tsx'
import { roleWords } from './words.ts'

type Row = PersonRow & { regionName: string }

/** Finds one person by what is known of them exactly; beyond that, only the newest are listed. */
export function People({ people, answer }: { people: readonly Row[]; answer: ActAnswer | undefined }) {
  const { t } = useI18n()
  const error = answer?.refusal?.fields.find
  const columns: Column<Row>[] = [
    {
      id: 'address',
      label: t('Address'),
      cell: (row) => <span className="font-medium">{row.maskedAddress ?? t('gone')}</span>,
    },
    { id: 'id', label: t('Id'), cell: (row) => <ShortId id={row.id} />, from: 'md' },
    { id: 'status', label: t('Status'), cell: (row) => <StatusTag status={row.status} /> },
    {
      id: 'role',
      label: t('Role'),
      cell: (row) =>
        row.role === 'person' ? (
          <span className="text-ink-3">{t(roleWords.person)}</span>
        ) : (
          <Tag tone="accent">{t(roleWords[row.role])}</Tag>
        ),
      from: 'sm',
    },
    { id: 'region', label: t('Region'), cell: (row) => row.regionName, from: 'lg' },
    {
      id: 'created',
      label: t('Since'),
      cell: (row) => <Time ms={row.createdAt} style="medium" />,
      from: 'sm',
    },
  ]
  return (
    <>
      <PageTitle title={t('People')} />
      <div className="grid gap-5">
        <Panel
          title={t('Find somebody')}
          note={t('By their exact address or id. What you type is not kept; that you searched is.')}
        >
          <div className="max-w-[480px]">
            <ActForm intent="find" verb={t('Find')} answer={answer}>
              <TextField
                label={t('Address or id')}
                name="find"
                autoComplete="off"
                autoCapitalize="none"
                spellCheck={false}
                maxLength={254}
                start={<Icon of={Search} size={15} />}
                error={error && t(error)}
              />
            </ActForm>
          </div>
        </Panel>
        <section className="grid gap-1" aria-labelledby="newest">
          <h2 id="newest" className="font-bold text-md">
            {t('The newest accounts')}
          </h2>
          <Table
            label={t('The newest accounts')}
            columns={columns}
            rows={people}
            rowKey={(row) => row.id}
            rowTo={(row) => paths.person(row.id)}
            empty={
              <EmptyState icon={UserPlus} title={t('Nobody is here yet')}>
                {t('Accounts show up here as soon as somebody makes one.')}
              </EmptyState>
            }
          />
        </section>
      </div>
    </>
  )
}
