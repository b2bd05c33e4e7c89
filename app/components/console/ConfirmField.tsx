import { TextField } from '#app/components/ui/TextField.tsx'
import { useI18n } from '#app/i18n/I18n.tsx'
import type { ActAnswer } from './ActForm.tsx'
import { useActFields } from './act-fields.ts'

/** For what cannot be taken back: the id of the thing has to be typed. */
export function ConfirmField(props: { word: string; intent: string; answer: ActAnswer | undefined }) {
  const { word, intent, answer } = props
  const { t } = useI18n()
  const { error } = useActFields(answer, intent)
  return (
    <TextField
      label={t('Type {word} to go on', { word })}
      name="confirm"
      autoComplete="off"
      autoCapitalize="none"
      spellCheck={false}
      error={error('confirm')}
    />
  )
}
