import { Form, useActionData, useLoaderData } from '@remix-run/react'
import { type ProfileInput, profileSchema } from '#app/accounts/accounts.schema.ts'
import { changeProfile, readProfile } from '#app/accounts/profile.ts'
import { regionsIn } from '#app/accounts/regions.ts'
import { Refusal, useRefusal } from '#app/components/account/answers.tsx'
import { BirthFields } from '#app/components/account/BirthFields.tsx'
import { RegionField } from '#app/components/account/RegionField.tsx'
import { SubmitButton } from '#app/components/account/SubmitButton.tsx'
import { titled } from '#app/components/account/titled.ts'
import { Callout } from '#app/components/ui/Callout.tsx'
import { PageTitle } from '#app/components/ui/PageTitle.tsx'
import { Panel } from '#app/components/ui/Panel.tsx'
import { Select } from '#app/components/ui/Select.tsx'
import { TextField } from '#app/components/ui/TextField.tsx'
import { ThemeSwitch } from '#app/components/ui/ThemeSwitch.tsx'
import { forgive } from '#app/http/counting.ts'
import { pageAction, pageLoader } from '#app/http/page.ts'
import { useI18n } from '#app/i18n/I18n.tsx'
import { paths } from '#app/paths.ts'
import { isAppError } from '#core/errors/errors.ts'
import { say } from '#core/i18n/say.ts'
import { localeChoices, timeZoneChoices } from './choices.ts'

export const meta = titled(say('Profile'))

export const loader = pageLoader('person', async ({ house, context, who }) => {
  const profile = await readProfile(house, who.subject)
  return {
    profile,
    theme: who.subject.theme ?? ('system' as const),
    regions: regionsIn(context.locale),
    locales: localeChoices(profile.locale),
    timeZones: timeZoneChoices(profile.timeZone),
  }
})

export const action = pageAction({
  guard: 'person',
  input: profileSchema,
  // One answer that does not do closes the question for a day, as at sign-up; whoever guessed on would find the age.
  limit: {
    name: 'age_answer',
    identity: (_, who) => who.subject.id,
    when: answersAge,
  },
  keep: ['name', 'region', 'locale', 'time_zone', 'birth_month', 'birth_year'],
  fieldErrors: {
    name: say('Use at most 80 characters.'),
    region: say('Choose where you live.'),
    birth_month: say('Choose the month of your birth.'),
    birth_year: say('Type the year of your birth, such as 1990.'),
  },
  async act({ house, context, who, input }) {
    const fault = await changeProfile(house, who.subject, input).then(
      () => undefined,
      (error: unknown) => ({ error }),
    )
    const refused = isAppError(fault?.error) && fault.error.code === 'region_refused'
    if (answersAge(input) && !refused) await forgive(context, 'age_answer', who.subject.id)
    if (fault) throw fault.error
  },
})

function answersAge(input: ProfileInput): boolean {
  return input.birth_year !== undefined || input.birth_month !== undefined
}

export default function ProfilePage() {
  const { t } = useI18n()
  const { profile, theme, regions, locales, timeZones } = useLoaderData<typeof loader>()
  const answer = useActionData<typeof action>()
  const refused = useRefusal(answer)
  const asksAge = refused.of('birth_month') !== undefined || refused.of('birth_year') !== undefined
  return (
    <>
      <PageTitle title={t('Profile')} lead={t('Who you are to us. Change it whenever it is not right.')} />
      <div className="grid gap-6">
        <Form method="post" className="grid gap-6">
          <Refusal refused={refused} />
          {answer?.ok && (
            <Callout tone="good" announced>
              {t('Saved.')}
            </Callout>
          )}
          <Panel title={t('You')}>
            <div className="grid gap-4 sm:max-w-[420px]">
              <div className="grid gap-0.5">
                <p className="font-medium text-sm">{t('Mail address')}</p>
                <p className="break-all text-ink-2">{profile.email}</p>
              </div>
              <TextField
                label={t('Name')}
                name="name"
                optional
                maxLength={80}
                autoComplete="name"
                defaultValue={refused.typed('name') ?? profile.name}
                error={refused.of('name')}
                help={t('Only you see it here. It is in no video.')}
              />
              <RegionField regions={regions} refused={refused} chosen={profile.region} />
              {asksAge && <BirthFields refused={refused} />}
            </div>
          </Panel>
          <Panel title={t('Language and times')}>
            <div className="grid gap-4 sm:max-w-[420px]">
              <Select
                label={t('Language')}
                name="locale"
                defaultValue={refused.typed('locale') ?? profile.locale}
                error={refused.of('locale')}
                options={locales}
                help={t('Dates and numbers follow it. The words are in English so far.')}
              />
              <Select
                label={t('Time zone')}
                name="time_zone"
                defaultValue={refused.typed('time_zone') ?? profile.timeZone}
                error={refused.of('time_zone')}
                options={timeZones}
              />
            </div>
          </Panel>
          <div>
            <SubmitButton>{t('Save')}</SubmitButton>
          </div>
        </Form>
        <Panel title={t('Light or dark')} note={t('Kept with your account, on every device.')}>
          <ThemeSwitch action={paths.theme()} value={theme} />
        </Panel>
      </div>
    </>
  )
}
