import { useAppleKeyboard } from './hydrated.ts'

/** Keys as they stand on the person's keyboard. `mod` is ⌘ on Apple's and Ctrl on others. */
export function KeyHint({ keys }: { keys: readonly string[] }) {
  const apple = useAppleKeyboard()
  const names = keys.map((key) => (key === 'mod' ? (apple ? '⌘' : 'Ctrl') : key))
  return (
    <kbd className="font-medium font-sans text-xs" suppressHydrationWarning>
      {names.join(apple ? '' : ' ')}
    </kbd>
  )
}
