import Inbox from 'lucide-react/icons/inbox'
import { Callout } from '#app/components/ui/Callout.tsx'
import { useI18n } from '#app/i18n/I18n.tsx'

/** Says where mail is while the installation has no mail server. */
export function OutboxNote() {
  const { t } = useI18n()
  return (
    <Callout tone="warn" icon={Inbox} title={t('This site sends no mail yet')}>
      {t(
        'Your mail waits in the outbox of its console. Whoever runs the site can open it there and hand you the link.',
      )}
    </Callout>
  )
}
