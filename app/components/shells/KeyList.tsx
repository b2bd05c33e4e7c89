import { Dialog } from '#app/components/ui/Dialog.tsx'
import { KeyHint } from '#app/components/ui/KeyHint.tsx'
import { useI18n } from '#app/i18n/I18n.tsx'
import type { KeyLine } from './commands.ts'

export default function KeyList(props: {
  lines: readonly KeyLine[]
  open: boolean
  onOpenChange: (open: boolean) => void
}) {
  const { t } = useI18n()
  return (
    <Dialog title={t('Keys on this page')} size="sm" open={props.open} onOpenChange={props.onOpenChange}>
      <dl className="divide-y divide-line">
        {props.lines.map((line) => (
          <div key={line.does} className="flex items-center justify-between gap-4 py-2">
            <dt className="text-ink-2">{line.does}</dt>
            <dd className="rounded-xs border border-line bg-sunken px-2 py-0.5 text-ink">
              <KeyHint keys={line.keys} />
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  )
}
