import X from 'lucide-react/icons/x'
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react'
import {
  UNSTABLE_Toast as AriaToast,
  Text,
  UNSTABLE_ToastContent as ToastContent,
  UNSTABLE_ToastQueue as ToastQueue,
  UNSTABLE_ToastRegion as ToastRegion,
} from 'react-aria-components/Toast'
import { useI18n } from '#app/i18n/I18n.tsx'
import { Button, IconButton } from './Button.tsx'
import { toneIcons } from './Callout.tsx'
import { Mark, type Tone } from './Tag.tsx'

export interface Toast {
  title: string
  text?: string
  tone?: Tone
  action?: { label: string; onPress: () => void }
}

/** What happened elsewhere on the page or behind it, for a few seconds. An error of a form belongs beside the form. */
export interface Toaster {
  show(toast: Toast): void
}

const ToasterContext = createContext<Toaster>({ show: () => undefined })

export function useToaster(): Toaster {
  return useContext(ToasterContext)
}

/** @param flash something the last answer wants to say, with an id that changes with each saying */
export function ToastProvider(props: { children: ReactNode; flash?: (Toast & { id: string }) | undefined }) {
  const { flash, children } = props
  const [queue] = useState(() => new ToastQueue<Toast>({ maxVisibleToasts: 3 }))
  const toaster = useMemo<Toaster>(
    // Six seconds at least, and none that wants an answer goes by itself (WCAG 2.2.1).
    () => ({ show: (toast) => void queue.add(toast, toast.action ? {} : { timeout: 7000 }) }),
    [queue],
  )
  const { t } = useI18n()
  // biome-ignore lint/correctness/useExhaustiveDependencies: the same flash is shown once, whatever object carries it
  useEffect(() => {
    if (flash) toaster.show(flash)
  }, [flash?.id])
  return (
    <ToasterContext.Provider value={toaster}>
      {children}
      <ToastRegion
        queue={queue}
        aria-label={t('Messages')}
        className="fixed inset-x-4 bottom-20 z-50 grid gap-2 sm:inset-x-auto sm:right-6 sm:bottom-6 sm:w-[380px]"
      >
        {({ toast }) => (
          <AriaToast
            toast={toast}
            className="flex items-start gap-3 rounded-md border border-line bg-surface p-3 text-sm shadow-lift"
          >
            <Mark tone={toast.content.tone ?? 'plain'} icon={toneIcons[toast.content.tone ?? 'plain']} />
            <ToastContent className="grid min-w-0 flex-1 gap-0.5 pt-0.5">
              <Text slot="title" className="font-semibold">
                {toast.content.title}
              </Text>
              {toast.content.text && (
                <Text slot="description" className="text-ink-2">
                  {toast.content.text}
                </Text>
              )}
            </ToastContent>
            {toast.content.action && (
              <Button size="sm" onPress={toast.content.action.onPress}>
                {toast.content.action.label}
              </Button>
            )}
            <IconButton slot="close" icon={X} label={t('Close')} size="sm" />
          </AriaToast>
        )}
      </ToastRegion>
    </ToasterContext.Provider>
  )
}
