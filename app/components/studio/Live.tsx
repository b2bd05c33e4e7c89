import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef, useState } from 'react'
import {
  type Creation,
  type CreditCount,
  isGone,
  newerOf,
  type QueueCount,
} from '#app/studio/creations/creation.schema.ts'
import { type LiveNews, listen } from './live-channel.ts'

interface LiveState {
  creations: ReadonlyMap<string, Creation>
  queue?: QueueCount
  credits?: CreditCount
}

const nothing: LiveState = { creations: new Map() }
const LiveContext = createContext<LiveState>(nothing)

/** The newest that is known of everything that changes while somebody looks. Below it pages show what the loader gave, or newer. */
export function LiveProvider(props: { address: string; person: string; children: ReactNode }) {
  const { address, person, children } = props
  const [state, setState] = useState(nothing)
  const latest = useRef(state)
  latest.current = state
  useEffect(() => {
    setState(nothing)
    return listen(
      address,
      person,
      (news) => setState((before) => withNews(before, news)),
      () => newsOf(latest.current),
    )
  }, [address, person])
  return <LiveContext.Provider value={state}>{children}</LiveContext.Provider>
}

function withNews(before: LiveState, news: LiveNews): LiveState {
  if (news.kind === 'queue') return { ...before, queue: news.data }
  if (news.kind === 'credits') return { ...before, credits: news.data }
  const known = before.creations.get(news.data.id)
  const newest = known ? newerOf(known, news.data) : news.data
  return newest === known
    ? before
    : { ...before, creations: new Map(before.creations).set(newest.id, newest) }
}

function newsOf({ creations, queue, credits }: LiveState): LiveNews[] {
  return [
    ...[...creations.values()].map((data) => ({ kind: 'generation' as const, data })),
    ...(queue ? [{ kind: 'queue' as const, data: queue }] : []),
    ...(credits ? [{ kind: 'credits' as const, data: credits }] : []),
  ]
}

/** A creation as the loader gave it, or as it is by now. */
export function useLiveCreation(creation: Creation): Creation {
  return newerOf(creation, useContext(LiveContext).creations.get(creation.id))
}

/**
 * A list as the loader gave it, each as it is by now, without what has gone. `newest`: the list begins with the newest
 * there is, so what was made in another tab meanwhile comes first.
 */
export function useLiveList(given: readonly Creation[], newest: boolean): Creation[] {
  const { creations } = useContext(LiveContext)
  return useMemo(() => {
    const first = given[0]?.id ?? ''
    const shown = new Set(given.map(({ id }) => id))
    const added = newest
      ? [...creations.values()].filter(({ id, prompt }) => id > first && !shown.has(id) && prompt !== null)
      : []
    return [...added.sort((a, b) => (a.id < b.id ? 1 : -1)), ...given]
      .map((creation) => newerOf(creation, creations.get(creation.id)))
      .filter((creation) => !isGone(creation))
  }, [given, newest, creations])
}

export function useLiveCounts(given: { queue: QueueCount; credits: CreditCount }) {
  const { queue, credits } = useContext(LiveContext)
  return {
    queue: queue ?? given.queue,
    credits: credits && credits.at >= given.credits.at ? credits.available : given.credits.available,
  }
}

/** Called once for each video that becomes ready, or ends without one, while this page is open. */
export function useEnded(onEnded: (creation: Creation) => void): void {
  const { creations } = useContext(LiveContext)
  const before = useRef(creations)
  const act = useRef(onEnded)
  act.current = onEnded
  useEffect(() => {
    for (const [id, creation] of creations) {
      const was = before.current.get(id)
      if (was && (was.status === 'queued' || was.status === 'running') && was.status !== creation.status)
        if (creation.status === 'ready' || creation.status === 'failed' || creation.status === 'blocked')
          act.current(creation)
    }
    before.current = creations
  }, [creations])
}
