import type { ReactNode } from 'react'

/**
 * What there is of one thing, with what can be done about it beside it. On a phone the acts come after the head and before
 * the long rest, which would otherwise have to be scrolled through.
 */
export function ActsBeside(props: { head: ReactNode; acts: ReactNode; children: ReactNode }) {
  const { head, acts, children } = props
  return (
    <div
      className={
        acts
          ? 'grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_392px] lg:grid-rows-[auto_1fr] lg:gap-x-6'
          : 'grid gap-5'
      }
    >
      <div className="grid min-w-0 gap-5 empty:hidden">{head}</div>
      {acts && (
        <aside className="min-w-0 lg:sticky lg:top-4 lg:col-start-2 lg:row-span-2 lg:row-start-1">
          {acts}
        </aside>
      )}
      <div className="grid min-w-0 gap-5">{children}</div>
    </div>
  )
}
