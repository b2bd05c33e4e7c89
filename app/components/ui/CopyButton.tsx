import Check from 'lucide-react/icons/check'
import Copy from 'lucide-react/icons/copy'
import { useEffect, useState } from 'react'
import { useI18n } from '#app/i18n/I18n.tsx'
import { Button } from './Button.tsx'
import { useHydrated } from './hydrated.ts'

/** Puts a text on the clipboard and says so. Keeps its place but hides without scripts: the text beside it can be selected. */
export function CopyButton({ text, label }: { text: string; label?: string }) {
  const { t } = useI18n()
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), 2000)
    return () => clearTimeout(timer)
  }, [copied])
  return (
    <span className={useHydrated() ? undefined : 'invisible'}>
      <Button
        size="sm"
        icon={copied ? Check : Copy}
        onPress={() => navigator.clipboard.writeText(text).then(() => setCopied(true))}
      >
        {copied ? t('Copied') : (label ?? t('Copy'))}
      </Button>
      <span role="status" className="sr-only">
        {copied ? t('Copied') : ''}
      </span>
    </span>
  )
}

/** A short text in the fixed-width face with a button to copy it: an id, a key, a hash. */
export function Copyable({ text }: { text: string }) {
  return (
    <span className="flex items-center gap-2">
      <code className="min-w-0 truncate rounded-xs bg-sunken px-2 py-1 font-mono text-xs">{text}</code>
      <CopyButton text={text} />
    </span>
  )
}
