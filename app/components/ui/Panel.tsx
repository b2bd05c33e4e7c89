import type { ReactNode } from 'react'
import { classes } from './classes.ts'
import { useDensity } from './density.ts'
import { type Glyph, Icon } from './Icon.tsx'

/** A surface that holds one matter, with its heading and what can be done about it. */
export function Panel(props: {
  title?: ReactNode
  note?: ReactNode
  actions?: ReactNode
  children: ReactNode
  /** Lifted off the page: for what lies beside a list. */
  lifted?: boolean
  id?: string
}) {
  const { title, note, actions, children, lifted, id } = props
  const dense = useDensity() === 'dense'
  return (
    <section
      id={id}
      className={classes(
        'rounded-md border border-line bg-surface',
        lifted && 'shadow-lift',
        dense ? 'p-4' : 'p-4 sm:p-5',
      )}
    >
      {(title || actions) && (
        <header className="mb-3 flex flex-wrap items-start gap-x-4 gap-y-2">
          <div className="mr-auto grid gap-0.5">
            {title && <h2 className="font-bold text-md">{title}</h2>}
            {note && <p className="text-ink-2 text-sm">{note}</p>}
          </div>
          {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
        </header>
      )}
      {children}
    </section>
  )
}

/** Rows inside one edge: a plan, a list of settings. Children are `ListRow`. */
export function List({ children }: { children: ReactNode }) {
  return <ul className="divide-y divide-line rounded-sm border border-line text-sm">{children}</ul>
}

export function ListRow(props: { title: ReactNode; note?: ReactNode; end?: ReactNode; start?: ReactNode }) {
  return (
    <li className="flex items-start gap-3 px-3 py-2">
      {props.start}
      <div className="mr-auto min-w-0">
        {props.title}
        {props.note !== undefined && <div className="text-ink-3 text-xs">{props.note}</div>}
      </div>
      {props.end !== undefined && <div className="num flex shrink-0 items-center gap-3">{props.end}</div>}
    </li>
  )
}

/** One figure with what it counts. */
export function Stat(props: { label: string; value: ReactNode; note?: ReactNode; icon?: Glyph }) {
  return (
    <div className="rounded-md border border-line bg-surface p-4">
      <p className="flex items-center gap-1.5 text-ink-2 text-sm">
        {props.icon && <Icon of={props.icon} className="text-ink-3" />}
        {props.label}
      </p>
      <p className="num mt-1 font-semibold text-xl tracking-tight">{props.value}</p>
      {props.note !== undefined && <p className="mt-1 text-ink-3 text-xs">{props.note}</p>}
    </div>
  )
}

/** What this is, why there is nothing yet, and the one thing to do next. */
export function EmptyState(props: { icon?: Glyph; title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className="grid justify-items-center gap-2 rounded-md border border-line-strong border-dashed px-6 py-12 text-center">
      {props.icon && <Icon of={props.icon} size={24} className="mb-1 text-ink-3" />}
      <p className="font-semibold">{props.title}</p>
      {props.children && <div className="max-w-[44ch] text-ink-2 text-sm">{props.children}</div>}
      {props.action && <div className="mt-3">{props.action}</div>}
    </div>
  )
}

/** Terms and what they are, one under the other; side by side where there is room. */
export function DefinitionList({ items }: { items: readonly { term: ReactNode; detail: ReactNode }[] }) {
  return (
    <dl className="grid gap-x-6 text-sm sm:grid-cols-[minmax(8rem,max-content)_1fr]">
      {items.map((item, at) => (
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: a list of facts is never moved
          key={at}
          className="grid gap-x-6 border-line border-b py-2 last:border-0 sm:col-span-2 sm:grid-cols-subgrid"
        >
          <dt className="text-ink-3">{item.term}</dt>
          <dd className="num min-w-0">{item.detail}</dd>
        </div>
      ))}
    </dl>
  )
}

/** A list and what is chosen from it, side by side where there is room. */
export function Split({ children, side }: { children: ReactNode; side?: ReactNode }) {
  if (!side) return <>{children}</>
  return (
    <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_392px]">
      <div>{children}</div>
      <aside className="lg:sticky lg:top-4">{side}</aside>
    </div>
  )
}
