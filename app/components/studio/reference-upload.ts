import { useCallback, useEffect, useRef, useState } from 'react'
import { paths } from '#app/paths.ts'
import { type Sentence, say } from '#core/i18n/say.ts'

/** A picture that the video is made from: none, on its way, there, or refused with a reason. */
export type Reference =
  | { state: 'none' }
  | { state: 'sending'; shown: string }
  | { state: 'there'; id: string; shown: string }
  | { state: 'refused'; sentence: Sentence }

const lost = say('The picture did not arrive. Check the connection and add it again.')

/** Sends a chosen, dropped or pasted picture at once; a newer one takes the place of one that is still on its way. */
export function useReference(given: string | null) {
  const [reference, setReference] = useState<Reference>(() => known(given))
  const sending = useRef<AbortController>()
  useEffect(() => () => sending.current?.abort(), [])
  useEffect(() => {
    const { shown } = reference as { shown?: string }
    return () => {
      if (shown?.startsWith('blob:')) URL.revokeObjectURL(shown)
    }
  }, [reference])

  const put = useCallback((id: string | null) => {
    sending.current?.abort()
    setReference(known(id))
  }, [])
  const send = useCallback(async (file: File) => {
    sending.current?.abort()
    const mine = new AbortController()
    sending.current = mine
    setReference({ state: 'sending', shown: URL.createObjectURL(file) })
    const answer = await post(file, mine.signal)
    if (!mine.signal.aborted) setReference(answer)
  }, [])
  return { reference, send, put }
}

function known(id: string | null): Reference {
  return id === null ? { state: 'none' } : { state: 'there', id, shown: paths.referencePicture(id) }
}

async function post(file: File, signal: AbortSignal): Promise<Reference> {
  try {
    const response = await fetch(paths.references(), {
      method: 'POST',
      body: file,
      headers: { 'Content-Type': file.type || 'application/octet-stream' },
      signal,
    })
    const answer = (await response.json()) as { id?: string; sentence?: Sentence }
    if (response.ok && answer.id) return known(answer.id)
    return { state: 'refused', sentence: answer.sentence ?? lost }
  } catch {
    return { state: 'refused', sentence: lost }
  }
}

/** The first picture of what was dropped or pasted. */
export function pictureIn(data: DataTransfer | null): File | undefined {
  return [...(data?.files ?? [])].find((file) => file.type.startsWith('image/'))
}
