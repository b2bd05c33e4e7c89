import { redirect } from '@remix-run/node'
import { Form, useActionData, useLoaderData } from '@remix-run/react'
import { setUpFormSchema } from '#app/accounts/accounts.schema.ts'
import { regionsIn } from '#app/accounts/regions.ts'
import { alreadySetUp, setUp } from '#app/accounts/set-up.ts'
import { assertOldEnough } from '#app/accounts/sign-up.ts'
import { ownerExists } from '#app/accounts/subjects.queries.ts'
import { linkUsed, tokenIsGood } from '#app/accounts/tokens.ts'
import { Refusal, useRefusal } from '#app/components/account/answers.tsx'
import { BirthFields } from '#app/components/account/BirthFields.tsx'
import { OwnScript } from '#app/components/account/OwnScript.tsx'
import { RegionField } from '#app/components/account/RegionField.tsx'
import { SubmitButton } from '#app/components/account/SubmitButton.tsx'
import { titled } from '#app/components/account/titled.ts'
import { WhatIsOn } from '#app/components/account/WhatIsOn.tsx'
import { PublicShell } from '#app/components/shells/PublicShell.tsx'
import { PageTitle } from '#app/components/ui/PageTitle.tsx'
import { PasswordField, TextField } from '#app/components/ui/TextField.tsx'
import { pageAction, pageLoader } from '#app/http/page.ts'
import { useI18n } from '#app/i18n/I18n.tsx'
import { paths } from '#app/paths.ts'
import { useRootData } from '#app/root.tsx'
import { say } from '#core/i18n/say.ts'

export const meta = titled(say('Set up'))

/** Opened by the one-time link of the first start; closed for good once there is an owner. */
export const loader = pageLoader('link', async ({ house, context, url }) => {
  const { config, db, clock } = house
  if (await ownerExists(db.read)) throw alreadySetUp()
  const token = url.searchParams.get('token') ?? ''
  if (!(await tokenIsGood(db.read, token, 'set_up', clock.now()))) throw linkUsed()
  return {
    token,
    regions: regionsIn(context.locale),
    on: {
      database: config.database.kind,
      storage: config.storage.kind,
      mail: config.smtp !== undefined,
      https: config.appUrl.protocol === 'https:',
      address: config.appUrl.origin,
      signUp: config.signUp === 'open',
    },
  }
})

export const action = pageAction({
  guard: 'link',
  input: setUpFormSchema,
  limit: { name: 'set_up' },
  keep: ['site_name', 'contact', 'email', 'region', 'birth_month', 'birth_year'],
  fieldErrors: {
    site_name: say('Give the site a name of at most 60 characters.'),
    contact: say('Type the whole address, or leave this empty.'),
    email: say('Type the whole address, such as mara@example.org.'),
    password: say('Choose a password.'),
    region: say('Choose where you live.'),
    birth_month: say('Choose the month of your birth.'),
    birth_year: say('Type the year of your birth, such as 1990.'),
  },
  async act({ house, context, input }): Promise<never> {
    const { visitor, sessions } = context
    assertOldEnough(input, house.clock.now())
    const { birth_month: _month, birth_year: _year, ...rest } = input
    const owner = await setUp(house, rest, visitor)
    const { cookie } = await sessions.start(owner, {
      authMethod: 'password',
      deviceClass: visitor.deviceClass,
    })
    throw redirect(paths.compose(), { headers: { 'Set-Cookie': cookie } })
  },
})

export default function SetUp() {
  const { t } = useI18n()
  const { token, regions, on } = useLoaderData<typeof loader>()
  const refused = useRefusal(useActionData<typeof action>())
  const site = useRootData()?.site.name ?? ''
  return (
    <PublicShell siteName={site} home={paths.home()} links={[]} footer={[]}>
      <OwnScript run="timeZone" />
      <PageTitle
        display
        title={t('Your studio is running')}
        lead={t('Two minutes, once: the first owner and a name for the site. Then you can make a video.')}
      />
      <div className="grid items-start gap-x-16 gap-y-12 lg:grid-cols-[minmax(0,5fr)_minmax(0,4fr)]">
        <Form method="post" className="grid gap-8">
          <Refusal refused={refused} />
          <input type="hidden" name="token" value={token} />
          <section className="grid gap-4">
            <h2 className="font-bold text-lg">{t('The site')}</h2>
            <TextField
              label={t('Name')}
              name="site_name"
              maxLength={60}
              autoComplete="organization"
              defaultValue={refused.typed('site_name') ?? site}
              error={refused.of('site_name')}
            />
            <TextField
              label={t('Address for questions')}
              name="contact"
              type="email"
              optional
              autoComplete="off"
              defaultValue={refused.typed('contact') ?? ''}
              error={refused.of('contact')}
              help={t('Shown on public pages and in security.txt.')}
            />
          </section>
          <section className="grid gap-4">
            <h2 className="font-bold text-lg">{t('The first owner')}</h2>
            <TextField
              label={t('Mail address')}
              name="email"
              type="email"
              autoComplete="username"
              defaultValue={refused.typed('email') ?? ''}
              error={refused.of('email')}
              help={t('With this you sign in. It needs no confirmation.')}
            />
            <PasswordField
              label={t('Password')}
              name="password"
              autoComplete="new-password"
              error={refused.of('password')}
              help={t('At least 8 characters. There is no other account that could let you in.')}
            />
            <RegionField regions={regions} refused={refused} />
            <BirthFields refused={refused} />
          </section>
          <div>
            <SubmitButton size="lg">{t('Open the studio')}</SubmitButton>
          </div>
        </Form>
        <WhatIsOn on={on} />
      </div>
    </PublicShell>
  )
}
