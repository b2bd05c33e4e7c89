import { Link } from '@remix-run/react'
import ArrowDown from 'lucide-react/icons/arrow-down'
import ArrowUp from 'lucide-react/icons/arrow-up'
import ChevronLeft from 'lucide-react/icons/chevron-left'
import ChevronRight from 'lucide-react/icons/chevron-right'
import type { ReactNode } from 'react'
import { useI18n } from '#app/i18n/I18n.tsx'
import { LinkButton } from './Button.tsx'
import { classes } from './classes.ts'
import { Icon } from './Icon.tsx'

export interface Column<Row> {
  id: string
  label: string
  cell: (row: Row) => ReactNode
  /** Numbers stand at the end, under each other. */
  align?: 'start' | 'end'
  /** Left out on screens narrower than this. */
  from?: 'sm' | 'md' | 'lg'
  /** May take several lines; others stay on one. */
  wrap?: boolean
  /** Where a click on the heading leads, and how the list is sorted now if it is by this column. */
  sort?: { to: string; now?: 'ascending' | 'descending' }
}

export interface TableProps<Row> {
  /** Read out as the table's name. */
  label: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  rowKey: (row: Row) => string
  /** Makes the whole row a link, told by its first cell. */
  rowTo?: (row: Row) => string
  selected?: string
  /** Shown instead of the table when there is no row. */
  empty: ReactNode
  /** Addresses of the pages around this one, when there are any. */
  newer?: string | undefined
  older?: string | undefined
}

const hidden = { sm: 'max-sm:hidden', md: 'max-md:hidden', lg: 'max-lg:hidden' }

/** Rows of one kind of thing, as dense as they can be read. The heading stays in sight. */
export function Table<Row>(props: TableProps<Row>) {
  const { label, columns, rows, rowKey, rowTo, selected, empty, newer, older } = props
  const { t } = useI18n()
  if (rows.length === 0 && !newer) return <>{empty}</>
  return (
    <>
      {/* Where it is wider than the screen it scrolls by itself, and then the keyboard has to reach it. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard (WCAG 2.1.1) */}
      <div tabIndex={0} className="overflow-x-auto rounded-xs lg:overflow-visible">
        <table className="w-full border-collapse text-sm">
          <caption className="sr-only">{label}</caption>
          <thead>
            <tr>
              {columns.map((column) => (
                <th
                  key={column.id}
                  scope="col"
                  aria-sort={column.sort?.now}
                  className={classes(
                    'sticky top-0 z-10 whitespace-nowrap bg-paper px-2.5 pt-2.5 pb-1.5 font-medium text-ink-3 text-xs shadow-[inset_0_-1px_var(--line)]',
                    column.align === 'end' ? 'text-right' : 'text-left',
                    column.from && hidden[column.from],
                  )}
                >
                  {column.sort ? <Sort label={column.label} sort={column.sort} /> : column.label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="num">
            {rows.map((row) => {
              const key = rowKey(row)
              const current = key === selected
              return (
                <tr
                  key={key}
                  className={classes(
                    'relative border-line border-b',
                    current
                      ? 'bg-accent-soft shadow-[inset_3px_0_var(--accent)]'
                      : rowTo && 'hover:bg-sunken',
                  )}
                >
                  {columns.map((column, at) => {
                    const content = column.cell(row)
                    return (
                      <td
                        key={column.id}
                        className={classes(
                          'h-10 px-2.5 py-1.5 align-middle',
                          !column.wrap && 'whitespace-nowrap',
                          column.align === 'end' && 'text-right',
                          column.from && hidden[column.from],
                        )}
                      >
                        {at === 0 && rowTo ? (
                          <Link
                            to={rowTo(row)}
                            aria-current={current ? 'true' : undefined}
                            preventScrollReset
                            className="after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:outline-accent focus-visible:after:-outline-offset-2"
                          >
                            {content}
                          </Link>
                        ) : (
                          content
                        )}
                      </td>
                    )
                  })}
                </tr>
              )
            })}
          </tbody>
        </table>
      </div>
      {(newer || older) && (
        <nav aria-label={t('Pages')} className="mt-3 flex gap-2">
          {newer && (
            <LinkButton to={newer} size="sm" icon={ChevronLeft} rel="prev">
              {t('Newer')}
            </LinkButton>
          )}
          {older && (
            <LinkButton to={older} size="sm" rel="next">
              {t('Older')}
              <Icon of={ChevronRight} />
            </LinkButton>
          )}
        </nav>
      )}
    </>
  )
}

function Sort({ label, sort }: { label: string; sort: NonNullable<Column<never>['sort']> }) {
  return (
    <Link to={sort.to} preventScrollReset className="inline-flex items-center gap-1 hover:text-ink">
      {label}
      {sort.now && <Icon of={sort.now === 'ascending' ? ArrowUp : ArrowDown} size={12} />}
    </Link>
  )
}
