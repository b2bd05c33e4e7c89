import {
  createContext,
  lazy,
  type ReactNode,
  Suspense,
  useCallback,
  useContext,
  useMemo,
  useState,
} from 'react'
import { useI18n } from '#app/i18n/I18n.tsx'
import { type Command, type KeyLine, useKeys } from './commands.ts'

// Nobody needs them before the first key is pressed.
const CommandPalette = lazy(() => import('./CommandPalette.tsx'))
const KeyList = lazy(() => import('./KeyList.tsx'))

const OverlaysContext = createContext<{ openPalette(): void }>({ openPalette: () => undefined })

export function useOverlays() {
  return useContext(OverlaysContext)
}

/** ⌘/Ctrl K opens the palette and `?` the list of keys, on every page inside. */
export function Overlays(props: {
  commands: readonly Command[]
  keys?: readonly KeyLine[]
  children: ReactNode
}) {
  const { t } = useI18n()
  const [open, setOpen] = useState<'palette' | 'keys'>()
  const [wanted, setWanted] = useState({ palette: false, keys: false })
  const show = useCallback((what: 'palette' | 'keys') => {
    setWanted((before) => ({ ...before, [what]: true }))
    setOpen(what)
  }, [])
  useKeys({ 'mod+k': () => show('palette'), '?': () => show('keys') })
  const value = useMemo(() => ({ openPalette: () => show('palette') }), [show])
  const lines: KeyLine[] = [
    { keys: ['mod', 'K'], does: t('Search pages and actions') },
    { keys: ['?'], does: t('This list') },
    ...(props.keys ?? []),
  ]
  const steer = (isOpen: boolean) => setOpen((now) => (isOpen ? now : undefined))
  return (
    <OverlaysContext.Provider value={value}>
      {props.children}
      <Suspense fallback={null}>
        {wanted.palette && (
          <CommandPalette commands={props.commands} open={open === 'palette'} onOpenChange={steer} />
        )}
        {wanted.keys && <KeyList lines={lines} open={open === 'keys'} onOpenChange={steer} />}
      </Suspense>
    </OverlaysContext.Provider>
  )
}
