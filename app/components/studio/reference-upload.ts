import { useCallback, useEffect, useRef, useState } from 'react'
import { paths } from '#app/paths.ts'
import type { Made } from '#app/studio/catalogue/record.ts'
import { kindOf } from '#app/studio/creations/offer.schema.ts'
import type { FileInPlace } from '#app/studio/generations/generation.schema.ts'
import type { InputRole } from '#core/db/schema/studio.ts'
import { type Sentence, say } from '#core/i18n/say.ts'
import { rowKey } from './row-key.ts'

/** A file that the video is made from, on its way or there. */
export interface GivenFile {
  /** Tells it from the others on the page. */
  key: string
  role: InputRole
  of: FileInPlace['of']
  /** `reading`: it has arrived, and a worker looks into it. */
  state: 'sending' | 'reading' | 'there' | 'refused'
  id: string | null
  /** Address of its picture. */
  shown: string | null
  /** Of a clip or sound, once it was looked into. */
  seconds: number | null
  made?: Made | undefined
  sentence: Sentence | null
}

/** A file that was given before: by a form that came back, to the creation that is made again, or one's own video. */
export interface KnownFile extends FileInPlace {
  seconds: number | null
  made?: Made | undefined
}

export interface Files {
  all: readonly GivenFile[]
  /** Sends it at once. In a role for one file it takes the place of the one before. */
  add(file: File, role: InputRole, one: boolean): void
  remove(key: string): void
  /** Before the one that is in front of it in its role. */
  moveUp(key: string): void
  put(known: readonly KnownFile[]): void
}

const lost = say('The file did not arrive. Check the connection and add it again.')

export function useFiles(given: readonly KnownFile[]): Files {
  const [all, setAll] = useState<readonly GivenFile[]>(() => given.map(known))
  const busy = useRef(new Map<string, AbortController>())
  const change = useCallback((key: string, to: Partial<GivenFile>) => {
    setAll((files) => files.map((file) => (file.key === key ? { ...file, ...to } : file)))
  }, [])
  const stop = useCallback((key: string) => {
    busy.current.get(key)?.abort()
    busy.current.delete(key)
  }, [])
  const begin = useCallback(
    (key: string, work: (signal: AbortSignal) => Promise<Partial<GivenFile>>) => {
      const mine = new AbortController()
      busy.current.set(key, mine)
      void work(mine.signal).then((to) => {
        busy.current.delete(key)
        if (!mine.signal.aborted) change(key, to)
      })
    },
    [change],
  )

  // What a page came with may still be read by a worker.
  useEffect(() => {
    for (const { key, id, state } of all)
      if (state === 'reading' && id !== null && !busy.current.has(key))
        begin(key, (signal) => untilRead(id, signal))
  }, [all, begin])
  useEffect(() => {
    const working = busy.current
    return () => {
      for (const one of working.values()) one.abort()
      working.clear()
    }
  }, [])
  usePictures(all)

  const add = useCallback(
    (file: File, role: InputRole, one: boolean) => {
      const kind = kindOf[role]
      const key = rowKey()
      const fresh: GivenFile = {
        key,
        role,
        of: 'reference',
        state: 'sending',
        id: null,
        shown: kind === 'picture' ? URL.createObjectURL(file) : null,
        seconds: null,
        sentence: null,
      }
      setAll((files) => {
        const replaced = files.filter((other) => other.role === role && (one || other.state === 'refused'))
        for (const other of replaced) stop(other.key)
        return [...files.filter((other) => !replaced.includes(other)), fresh]
      })
      begin(key, (signal) => post(file, role, signal))
    },
    [begin, stop],
  )
  const remove = useCallback(
    (key: string) => {
      stop(key)
      setAll((files) => files.filter((file) => file.key !== key))
    },
    [stop],
  )
  const put = useCallback((files: readonly KnownFile[]) => {
    for (const one of busy.current.values()) one.abort()
    busy.current.clear()
    setAll(files.map(known))
  }, [])
  const moveUp = useCallback((key: string) => setAll((files) => movedUp(files, key)), [])
  return { all, add, remove, moveUp, put }
}

/** The order of the others stays; of one role each file has its number by it. */
export function movedUp(files: readonly GivenFile[], key: string): readonly GivenFile[] {
  const at = files.findIndex((file) => file.key === key)
  const moved = files[at]
  const before = files.findLastIndex((file, i) => i < at && file.role === moved?.role)
  const other = files[before]
  return moved && other ? files.with(before, moved).with(at, other) : files
}

function known({ role, id, of, seconds, made }: KnownFile): GivenFile {
  const picture = kindOf[role] === 'picture'
  const video = of === 'generation'
  return {
    key: rowKey(),
    role,
    of,
    state: picture || video || seconds !== null ? 'there' : 'reading',
    id,
    shown: picture ? paths.referencePicture(id) : video ? paths.media(id, 'poster') : null,
    seconds,
    made,
    sentence: null,
  }
}

/** Lets go of the pictures in the tab's memory that are not shown any more. */
function usePictures(all: readonly GivenFile[]): void {
  const held = useRef(new Set<string>())
  useEffect(() => {
    const now = new Set(all.flatMap(({ shown }) => (shown?.startsWith('blob:') ? [shown] : [])))
    for (const one of held.current) if (!now.has(one)) URL.revokeObjectURL(one)
    held.current = now
  }, [all])
}

async function post(file: File, role: InputRole, signal: AbortSignal): Promise<Partial<GivenFile>> {
  const kind = kindOf[role]
  try {
    const response = await fetch(paths.references(kind === 'picture' ? {} : { kind }), {
      method: 'POST',
      body: file,
      headers: { 'Content-Type': file.type || 'application/octet-stream' },
      signal,
    })
    const { id, sentence } = (await response.json()) as { id?: string; sentence?: Sentence }
    if (!response.ok || !id) return refused(sentence)
    if (kind !== 'picture') return { id, state: 'reading' }
    return { id, state: 'there', shown: paths.referencePicture(id) }
  } catch {
    return refused()
  }
}

function refused(sentence: Sentence = lost): Partial<GivenFile> {
  return { state: 'refused', shown: null, sentence }
}

const MOST_FAILURES = 5

/** Asks how far it is, more and more seldom, until a worker has looked into it. */
async function untilRead(id: string, signal: AbortSignal): Promise<Partial<GivenFile>> {
  let failures = 0
  for (let waitMs = 400; !signal.aborted && failures < MOST_FAILURES; waitMs = Math.min(3000, waitMs * 1.4)) {
    await new Promise((resolve) => setTimeout(resolve, waitMs))
    try {
      const response = await fetch(paths.reference(id), { signal })
      if (response.status === 404) return refused()
      const { state, seconds, reason } = (await response.json()) as Read
      if (state === 'ready') return { state: 'there', seconds }
      if (state === 'refused') return refused(reason ?? undefined)
      failures = 0
    } catch {
      failures += 1
    }
  }
  return refused()
}

interface Read {
  state: 'receiving' | 'ready' | 'refused'
  seconds: number | null
  reason: Sentence | null
}

/** The first file of what was dropped or pasted that could be of use, and its kind. */
export function fileIn(
  data: DataTransfer | null,
): { file: File; kind: 'picture' | 'clip' | 'sound' } | undefined {
  const kinds = { image: 'picture', video: 'clip', audio: 'sound' } as const
  for (const file of data?.files ?? []) {
    const kind = kinds[file.type.split('/')[0] as keyof typeof kinds]
    if (kind) return { file, kind }
  }
}
