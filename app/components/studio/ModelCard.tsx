import { useI18n } from '#app/i18n/I18n.tsx'
import type { ModelRecord } from '#app/studio/catalogue/record.ts'
import type { UsualTime } from '#app/studio/creations/creation.schema.ts'
import { usually } from './words.ts'

/** Who makes the video, and how long it takes here: from this installation's own history, or that there is none yet. */
export function ModelCard({ model, usual }: { model: ModelRecord; usual: UsualTime | undefined }) {
  const i18n = useI18n()
  return (
    <div className="flex items-center gap-3 rounded-md border border-line px-3 py-2.5">
      <span
        aria-hidden="true"
        className="size-9 shrink-0 rounded-[8px] bg-[conic-gradient(from_210deg,#374baf,#a3adff,#e8d6ff,#374baf)]"
      />
      <div className="min-w-0">
        <p className="font-semibold text-sm">{model.name}</p>
        <p className="num flex items-center gap-1.5 text-ink-3 text-xs">
          {usual && <span aria-hidden="true" className="size-[7px] rounded-full bg-good" />}
          {usually(i18n, usual)}
        </p>
      </div>
    </div>
  )
}
