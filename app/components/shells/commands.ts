import { useEffect, useRef } from 'react'
import type { Glyph } from '#app/components/ui/Icon.tsx'

/** Something the palette offers. Either goes to an address or does something here. */
export interface Command {
  id: string
  label: string
  group?: string
  icon?: Glyph
  /** Other words people may look for. */
  words?: string
  /** Shown beside it: the keys that do the same. */
  keys?: readonly string[]
  to?: string
  onAction?: () => void
}

/** One line of the list that `?` opens. `keys` as in `KeyHint`. */
export interface KeyLine {
  keys: readonly string[]
  does: string
}

/**
 * Keys of a page. Plain keys (`j`, `Enter`, `?`) are left alone while somebody types or a dialog is open; `mod+k` is
 * heard anywhere (⌘ or Ctrl).
 */
export function useKeys(
  keys: Readonly<Record<string, (event: KeyboardEvent) => void>>,
  enabled = true,
): void {
  const latest = useRef(keys)
  latest.current = keys
  useEffect(() => {
    if (!enabled) return
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || event.altKey) return
      const mod = event.metaKey || event.ctrlKey
      if (!mod && isTaken(event.target)) return
      const act = latest.current[mod ? `mod+${event.key.toLowerCase()}` : event.key]
      if (!act) return
      event.preventDefault()
      act(event)
    }
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [enabled])
}

function isTaken(target: EventTarget | null): boolean {
  if (document.querySelector('[role="dialog"], [role="menu"]')) return true
  return (
    target instanceof HTMLElement &&
    target.closest('input, textarea, select, [contenteditable="true"]') !== null
  )
}
