import { Form, Link, useActionData, useLoaderData } from '@remix-run/react'
import { addressSchema } from '#app/accounts/accounts.schema.ts'
import { normalAddress } from '#app/accounts/addresses.ts'
import { requestReset } from '#app/accounts/sign-in.ts'
import { Refusal, useRefusal } from '#app/components/account/answers.tsx'
import { OutboxNote } from '#app/components/account/OutboxNote.tsx'
import { SubmitButton } from '#app/components/account/SubmitButton.tsx'
import { titled } from '#app/components/account/titled.ts'
import { TextField } from '#app/components/ui/TextField.tsx'
import { pageAction, pageLoader } from '#app/http/page.ts'
import { useI18n } from '#app/i18n/I18n.tsx'
import { paths } from '#app/paths.ts'
import { say } from '#core/i18n/say.ts'
import { AuthPage, linkLook } from './AuthPage.tsx'
import { afterAnswer } from './after-answer.ts'

export const meta = titled(say('Ask for a new password'))

export const loader = pageLoader('anyone', ({ house }) => ({ sendsMail: house.config.smtp !== undefined }))

export const action = pageAction({
  guard: 'anyone',
  input: addressSchema,
  limit: { name: 'reset_mail', identity: (input) => normalAddress(input.email) },
  keep: ['email'],
  fieldErrors: { email: say('Type the whole address, such as mara@example.org.') },
  async act({ house, context, input }) {
    afterAnswer(context, () => requestReset(house, input.email))
  },
})

export default function ForgotPassword() {
  const { t } = useI18n()
  const { sendsMail } = useLoaderData<typeof loader>()
  const answer = useActionData<typeof action>()
  const refused = useRefusal(answer)
  const foot = (
    <Link to={paths.signIn()} className={linkLook}>
      {t('Back to sign in')}
    </Link>
  )
  if (answer?.ok)
    return (
      <AuthPage
        title={t('Look into your mail')}
        lead={t(
          'If there is an account with that address, a link is on its way to it. The link works for 30 minutes, once.',
        )}
        foot={foot}
      >
        {!sendsMail && <OutboxNote />}
      </AuthPage>
    )
  return (
    <AuthPage
      title={t('Ask for a new password')}
      lead={t(
        'We mail a link to the address of your account. The old password works until you have chosen a new one.',
      )}
      foot={foot}
    >
      <Form method="post" className="grid gap-4">
        <Refusal refused={refused} />
        <TextField
          label={t('Mail address')}
          name="email"
          type="email"
          autoComplete="username"
          defaultValue={refused.typed('email') ?? ''}
          error={refused.of('email')}
        />
        <SubmitButton wide size="lg">
          {t('Mail me a link')}
        </SubmitButton>
      </Form>
    </AuthPage>
  )
}
