import { useSyncExternalStore } from 'react'

const never = () => () => undefined

/** False on the server and in the first paint, true once scripts run: for what would do nothing without them. */
export function useHydrated(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  )
}

/** Whether the keyboard has a ⌘ key. The server guesses no. */
export function useAppleKeyboard(): boolean {
  return useSyncExternalStore(
    never,
    () => /Mac|iPhone|iPad/.test(navigator.userAgent),
    () => false,
  )
}
