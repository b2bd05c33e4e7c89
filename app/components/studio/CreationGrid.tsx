import { useSubmit } from '@remix-run/react'
import { type KeyboardEvent, useRef, useState } from 'react'
import { paths } from '#app/paths.ts'
import { type Creation, estimateKey, type UsualTimes } from '#app/studio/creations/creation.schema.ts'
import { DeleteDialog, useLeaving } from './acts.tsx'
import { CreationCard } from './CreationCard.tsx'

/**
 * Creations side by side. Arrow keys move between them as they lie, Home and End to the ends, `s` saves or unsaves the
 * one that has the focus and Delete asks to delete it; Enter opens it, for the focus is on its link.
 */
export function CreationGrid(props: {
  label: string
  creations: readonly Creation[]
  usual: UsualTimes
  here: string
}) {
  const { label, creations, usual, here } = props
  const list = useRef<HTMLUListElement>(null)
  const submit = useSubmit()
  const leaving = useLeaving()
  const [toDelete, setToDelete] = useState<Creation>()
  const post = (id: string, intent: string) =>
    submit(
      { intent },
      { method: 'post', action: paths.creation(id), navigate: false, fetcherKey: `creation ${id}` },
    )

  const remove = (creation: Creation) => {
    const links = linksIn(list.current)
    const at = links.findIndex((link) => idOf(link) === creation.id)
    const next = links[at + 1] ?? links[at - 1]
    post(creation.id, 'delete')
    // After the dialog has given the focus back to what is about to go.
    setTimeout(() => next?.focus(), 50)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey || !(event.target instanceof HTMLElement)) return
    const links = linksIn(list.current)
    const at = links.indexOf(event.target)
    const creation = at < 0 ? undefined : creations.find(({ id }) => id === idOf(links[at]))
    if (!creation) return
    const to = neighbour(links, at, event.key, document.dir === 'rtl')
    if (to !== undefined) links[to]?.focus()
    else if (event.key === 's' && creation.status === 'ready')
      post(creation.id, creation.saved ? 'unsave' : 'save')
    else if (event.key === 'Delete') setToDelete(creation)
    else return
    event.preventDefault()
  }

  return (
    <>
      <ul
        ref={list}
        aria-label={label}
        onKeyDown={onKeyDown}
        className="grid grid-cols-2 gap-x-3 gap-y-5 sm:gap-x-4 lg:grid-cols-3 xl:grid-cols-4"
      >
        {creations.map((creation) => (
          <li key={creation.id} data-creation={creation.id} hidden={leaving.has(creation.id)}>
            <CreationCard
              creation={creation}
              usual={usual[estimateKey(creation)]}
              here={here}
              onDelete={setToDelete}
            />
          </li>
        ))}
      </ul>
      <DeleteDialog creation={toDelete} onClose={() => setToDelete(undefined)} onDelete={remove} />
    </>
  )
}

function linksIn(list: HTMLElement | null): HTMLElement[] {
  return [
    ...(list?.querySelectorAll<HTMLElement>('li:not([hidden]) article > div:first-child a[aria-label]') ??
      []),
  ]
}

function idOf(link: HTMLElement | undefined): string | undefined {
  return link?.closest<HTMLElement>('[data-creation]')?.dataset.creation
}

/** Where a key leads from the card at `at`, by how they lie on the page; undefined for a key that moves nothing. */
function neighbour(links: HTMLElement[], at: number, key: string, rtl: boolean): number | undefined {
  const last = links.length - 1
  const top = (index: number) => links[index]?.getBoundingClientRect().top ?? 0
  const secondRow = links.findIndex((_, index) => top(index) > top(0))
  const perRow = secondRow < 0 ? links.length : secondRow
  switch (key) {
    case 'ArrowRight':
      return Math.min(last, Math.max(0, at + (rtl ? -1 : 1)))
    case 'ArrowLeft':
      return Math.min(last, Math.max(0, at + (rtl ? 1 : -1)))
    case 'ArrowDown':
      return at + perRow <= last ? at + perRow : last
    case 'ArrowUp':
      return at - perRow >= 0 ? at - perRow : 0
    case 'Home':
      return 0
    case 'End':
      return last
    default:
      return undefined
  }
}
