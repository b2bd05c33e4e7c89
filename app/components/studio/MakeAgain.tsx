import { Form, useNavigation } from '@remix-run/react'
import RotateCcw from 'lucide-react/icons/rotate-ccw'
import { Button } from '#app/components/ui/Button.tsx'
import { useI18n } from '#app/i18n/I18n.tsx'
import type { Again } from '#app/studio/creations/again.ts'
import { Recipients } from './Recipients.tsx'

/** One press for a video that came to nothing, under what it costs now and who would receive it now. */
export function MakeAgain({ again }: { again: Again }) {
  const { t } = useI18n()
  const { state, formData } = useNavigation()
  const sending = state !== 'idle' && formData?.get('intent') === 'again'
  return (
    <Form method="post" className="mt-3 grid w-full max-w-[44ch] gap-3">
      <input type="hidden" name="intent" value="again" />
      <input type="hidden" name="terms" value={again.terms} />
      <Button
        type="submit"
        look="primary"
        wide
        icon={RotateCcw}
        pending={sending}
        end={t('{credits, plural, =0 {free} one {# credit} other {# credits}}', { credits: again.credits })}
      >
        {t('Make it again')}
      </Button>
      <div className="text-left">
        <Recipients recipients={again.recipients} />
      </div>
    </Form>
  )
}
