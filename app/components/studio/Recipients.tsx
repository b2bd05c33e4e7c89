import HardDrive from 'lucide-react/icons/hard-drive'
import Send from 'lucide-react/icons/send'
import { Icon } from '#app/components/ui/Icon.tsx'
import { useI18n } from '#app/i18n/I18n.tsx'
import type { Keeping } from '#app/studio/catalogue/provider-record.ts'
import type { Recipient } from '#app/studio/creations/offer.schema.ts'
import { type Sentence, say } from '#core/i18n/say.ts'

/** Who receives the prompt and the files of this very job, before it is sent: who, where, what is kept, and what can be undone. */
export function Recipients({ recipients }: { recipients: readonly Recipient[] }) {
  const { t } = useI18n()
  const known = [...new Map(recipients.map((one) => [one.id, one])).values()]
  const elsewhere = known.filter(({ where }) => where === 'elsewhere')
  if (known.length === 0) return null
  if (elsewhere.length === 0)
    return (
      <div className="flex items-start gap-2 text-ink-2 text-xs">
        <Icon of={HardDrive} size={14} className="mt-0.5 text-good" />
        <p>
          {known.every(({ where }) => where === 'here')
            ? t('Nothing leaves this server.')
            : t('Nothing goes to anybody else: it is made on a machine of the operator’s own.')}
        </p>
      </div>
    )
  const titles = elsewhere.map(({ title }) => title).join(', ')
  return (
    <section aria-label={t('Who receives this')} className="grid gap-2 text-ink-2 text-xs">
      <div className="flex items-start gap-2">
        <Icon of={Send} size={14} className="mt-0.5 text-ink-3" />
        <p>
          {known.length === 1
            ? t('Your prompt and files go to:')
            : t('Your prompt and files go to the first of these that takes the job:')}
        </p>
      </div>
      <ol className="grid gap-2 pl-[22px]">
        {known.map((one) => (
          <li key={one.id}>
            <Who recipient={one} />
          </li>
        ))}
      </ol>
      <p className="pl-[22px] text-ink-3">
        {t('We are not affiliated with {titles}. They handle it for the operator of this site.', { titles })}
      </p>
    </section>
  )
}

const trains: Readonly<Record<Keeping['trains'], Sentence>> = {
  yes: say('It may train its models on it.'),
  no: say('It does not train its models on it.'),
  unknown: say('It does not say whether it trains its models on it.'),
}

const deletes: Readonly<Record<Keeping['deletes'], Sentence>> = {
  everything: say('When you delete the creation, it is told to delete everything.'),
  partly: say(
    'When you delete the creation, it is told to delete what it lets us; the rest goes by its own time.',
  ),
  nothing: say('It deletes nothing on request; what it has goes by its own time.'),
}

function Who({ recipient }: { recipient: Recipient }) {
  const { title, where, company, keeps } = recipient
  const { t } = useI18n()
  const country = useCountry(recipient.country)
  if (where !== 'elsewhere')
    return (
      <p>
        <b className="text-ink">{title}</b>
        {`, ${t('a machine of the operator’s own')}`}
      </p>
    )
  return (
    <>
      <p>
        <b className="text-ink">{title}</b>
        {[company === title ? '' : company, country].filter(Boolean).map((fact) => `, ${fact}`)}
      </p>
      <details>
        <summary className="w-fit rounded-xs text-ink-3 hover:text-ink">{t('What it keeps')}</summary>
        <ul className="grid gap-1 pt-1">
          <li>{t({ text: keeps.says })}</li>
          <li>
            {keeps.days === null
              ? t('It does not say how long it keeps the last of it.')
              : t('The last of it goes after {days, plural, one {# day} other {# days}}.', {
                  days: keeps.days,
                })}
          </li>
          <li>{t(trains[keeps.trains])}</li>
          <li>{t(deletes[keeps.deletes])}</li>
        </ul>
      </details>
    </>
  )
}

/** A country's name in the language of the page; empty where none is known. */
export function useCountry(code: string): string {
  const { locale } = useI18n()
  if (!/^[A-Z]{2}$/.test(code)) return ''
  return new Intl.DisplayNames([locale], { type: 'region' }).of(code) ?? code
}
