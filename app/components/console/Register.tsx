import { Callout } from '#app/components/ui/Callout.tsx'
import { DefinitionList, Panel } from '#app/components/ui/Panel.tsx'
import { Select } from '#app/components/ui/Select.tsx'
import { Tag } from '#app/components/ui/Tag.tsx'
import { TextArea, TextField } from '#app/components/ui/TextField.tsx'
import type { ProviderPage } from '#app/console/providers.ts'
import { useI18n } from '#app/i18n/I18n.tsx'
import type { Sentence } from '#core/i18n/say.ts'
import { type ActAnswer, ActForm, Folded } from './ActForm.tsx'
import { useActFields } from './act-fields.ts'
import { deletesWords, gapWords, safeguardWords, trainsWords } from './catalogue-words.ts'

interface Props {
  provider: ProviderPage
  countryName: string
  mayChange: boolean
  answer: ActAnswer | undefined
}

/** Who receives people's data in law, and on what ground: nothing is sent before this is whole. */
export function Register({ provider, countryName, mayChange, answer }: Props) {
  const { t } = useI18n()
  const { gaps, register } = provider
  return (
    <Panel
      id="register"
      title={t('Register of processors')}
      note={t('What people are shown before they send anything (GDPR Art. 13, 28 and 30).')}
      actions={
        gaps.length === 0 ? (
          <Tag tone="good">{t('complete')}</Tag>
        ) : (
          <Tag tone="warn">{t('not complete')}</Tag>
        )
      }
    >
      <div className="grid gap-4">
        {gaps.length > 0 && (
          <Callout tone="warn" title={t('Nothing is sent to this provider until the entry is complete')}>
            <ul className="list-disc pl-4">
              {gaps.map((gap) => (
                <li key={gap}>{t(gapWords[gap])}</li>
              ))}
            </ul>
          </Callout>
        )}
        {mayChange && gaps.length > 0 ? (
          <RegisterForm provider={provider} answer={answer} />
        ) : (
          <DefinitionList
            items={[
              { term: t('Company'), detail: register.name || t('none') },
              { term: t('Country'), detail: countryName || t('none') },
              { term: t('Safeguard'), detail: word(t, safeguardWords, register.safeguard) },
              { term: t('Date of the agreement'), detail: register.agreement_on ?? t('none') },
              { term: t('What it keeps'), detail: register.keeps_says || t('none') },
              { term: t('For how many days at most'), detail: register.keeps_days ?? t('It does not say') },
              { term: t('Training'), detail: word(t, trainsWords, register.trains) },
              { term: t('What it deletes when asked'), detail: word(t, deletesWords, register.deletes) },
            ]}
          />
        )}
        {mayChange && gaps.length === 0 && (
          <Folded title={t('Change the entry')} open={answer?.intent === 'register' && !answer.ok}>
            <RegisterForm provider={provider} answer={answer} />
          </Folded>
        )}
      </div>
    </Panel>
  )
}

function word(
  t: (sentence: Sentence) => string,
  words: Readonly<Record<string, Sentence>>,
  value: string | null,
): string {
  const found = words[value ?? '']
  return found ? t(found) : (value ?? '–')
}

function RegisterForm({ provider, answer }: Pick<Props, 'provider' | 'answer'>) {
  const { t } = useI18n()
  const { typed, error } = useActFields(answer, 'register')
  const { register, source, gaps } = provider
  const options = (words: Readonly<Record<string, Sentence>>) =>
    Object.entries(words).map(([value, label]) => ({ value, label: t(label) }))
  return (
    <ActForm
      intent="register"
      incomplete
      verb={gaps.includes('entry') ? t('Confirm') : t('Save')}
      answer={answer}
      {...(gaps.includes('entry')
        ? { lead: t('Filled in with what we know of this provider. Check it against your own agreement.') }
        : {})}
    >
      <div className="grid items-start gap-3 sm:grid-cols-2">
        <Select
          label={t('Safeguard')}
          name="safeguard"
          options={[{ value: '', label: t('choose one') }, ...options(safeguardWords)]}
          defaultValue={typed('safeguard', register.safeguard ?? '')}
          error={error('safeguard')}
        />
        <TextField
          label={t('Date of the agreement')}
          name="agreement_on"
          type="date"
          defaultValue={typed('agreement_on', register.agreement_on ?? '')}
          error={error('agreement_on')}
          help={t('On data processing (GDPR Art. 28). Not needed for our own machine.')}
        />
        <TextField
          label={t('Company, with its name in law')}
          name="name"
          maxLength={120}
          defaultValue={typed('name', register.name)}
        />
        <TextField
          label={t('Country, as two letters')}
          name="country"
          maxLength={2}
          autoCapitalize="characters"
          defaultValue={typed('country', register.country)}
          error={error('country')}
        />
        <div className="sm:col-span-2">
          <TextArea
            label={t('What it keeps')}
            name="keeps_says"
            rows={2}
            maxLength={300}
            defaultValue={typed('keeps_says', register.keeps_says)}
            help={t('A sentence that people read before they send something there.')}
          />
        </div>
        <TextField
          label={t('For how many days at most')}
          name="keeps_days"
          inputMode="numeric"
          defaultValue={typed('keeps_days', register.keeps_days === null ? '' : String(register.keeps_days))}
          error={error('keeps_days')}
          help={t('Empty when it does not say.')}
          optional
        />
        <Select
          label={t('Training')}
          name="trains"
          options={options(trainsWords)}
          defaultValue={typed('trains', register.trains)}
        />
        <Select
          label={t('What it deletes when asked')}
          name="deletes"
          options={options(deletesWords)}
          defaultValue={typed('deletes', register.deletes)}
        />
      </div>
      {source && (
        <p className="text-ink-3 text-xs">
          <a href={source} rel="noreferrer" target="_blank" className="underline hover:text-ink">
            {t('Where the provider says so')}
          </a>
        </p>
      )}
    </ActForm>
  )
}
