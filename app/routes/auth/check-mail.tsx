import { Form, Link, useActionData, useLoaderData } from '@remix-run/react'
import { addressSchema } from '#app/accounts/accounts.schema.ts'
import { normalAddress } from '#app/accounts/addresses.ts'
import { resendVerification } from '#app/accounts/sign-up.ts'
import { Refusal, useRefusal } from '#app/components/account/answers.tsx'
import { OutboxNote } from '#app/components/account/OutboxNote.tsx'
import { SubmitButton } from '#app/components/account/SubmitButton.tsx'
import { titled } from '#app/components/account/titled.ts'
import { Callout } from '#app/components/ui/Callout.tsx'
import { TextField } from '#app/components/ui/TextField.tsx'
import { pageAction, pageLoader } from '#app/http/page.ts'
import { useI18n } from '#app/i18n/I18n.tsx'
import { paths } from '#app/paths.ts'
import { say } from '#core/i18n/say.ts'
import { AuthPage, linkLook } from './AuthPage.tsx'
import { afterAnswer } from './after-answer.ts'

export const meta = titled(say('Look into your mail'))

export const loader = pageLoader('anyone', ({ house }) => ({ sendsMail: house.config.smtp !== undefined }))

export const action = pageAction({
  guard: 'anyone',
  input: addressSchema,
  limit: { name: 'verify_mail', identity: (input) => normalAddress(input.email) },
  keep: ['email'],
  fieldErrors: { email: say('Type the whole address, such as mara@example.org.') },
  async act({ house, context, input }) {
    afterAnswer(context, () => resendVerification(house, input.email))
  },
})

export default function CheckMail() {
  const { t } = useI18n()
  const { sendsMail } = useLoaderData<typeof loader>()
  const answer = useActionData<typeof action>()
  const refused = useRefusal(answer)
  return (
    <AuthPage
      title={t('Look into your mail')}
      lead={t('We have written to the address you gave. Follow the link in the mail, and you can sign in.')}
      foot={
        <Link to={paths.signIn()} className={linkLook}>
          {t('Go to sign in')}
        </Link>
      }
    >
      {!sendsMail && <OutboxNote />}
      {answer?.ok && (
        <Callout tone="good" announced>
          {t('If that address waits to be confirmed, another mail is on its way.')}
        </Callout>
      )}
      <details open={refused.code !== undefined} className="text-sm">
        <summary className="w-fit text-ink-2 hover:text-ink">{t('Nothing came?')}</summary>
        <Form method="post" className="mt-3 grid gap-4">
          <Refusal refused={refused} />
          <TextField
            label={t('Mail address')}
            name="email"
            type="email"
            autoComplete="email"
            defaultValue={refused.typed('email') ?? ''}
            error={refused.of('email')}
            help={t('Look among the spam first. The newest link is the one that works.')}
          />
          <SubmitButton look="quiet">{t('Send it again')}</SubmitButton>
        </Form>
      </details>
    </AuthPage>
  )
}
