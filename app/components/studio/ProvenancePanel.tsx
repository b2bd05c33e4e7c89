import ShieldCheck from 'lucide-react/icons/shield-check'
import { Icon } from '#app/components/ui/Icon.tsx'
import { Panel } from '#app/components/ui/Panel.tsx'
import { Time } from '#app/components/ui/Time.tsx'
import { useI18n } from '#app/i18n/I18n.tsx'
import { paths } from '#app/paths.ts'
import type { Creation } from '#app/studio/creations/creation.schema.ts'

/** What the file itself says of where it comes from, and where anyone can see the same. */
export function ProvenancePanel(props: {
  provenance: NonNullable<Creation['provenance']>
  algorithmic: boolean
}) {
  const { provenance, algorithmic } = props
  const { t } = useI18n()
  return (
    <Panel
      title={
        <span className="flex items-center gap-2">
          <Icon of={ShieldCheck} size={17} className="text-good" />
          {t('Signed')}
        </span>
      }
    >
      <div className="grid gap-2.5 text-sm">
        <p>
          {algorithmic
            ? t('The file says what it is: a moving storyboard, no AI.')
            : t('The file says what it is: made by AI.')}
        </p>
        <p className="text-ink-2">
          {t('By this server’s own key.')}{' '}
          <Time ms={Date.parse(provenance.signed_at)} show="dateTime" style="medium" />
        </p>
        <a
          href={paths.record(provenance.public_id)}
          className="w-fit text-accent underline underline-offset-2"
        >
          {t('What anyone can see of it')}
        </a>
        <p className="break-all font-mono text-ink-3 text-xs">{provenance.manifest_label}</p>
      </div>
    </Panel>
  )
}
