import { Callout } from '#app/components/ui/Callout.tsx'
import { Panel } from '#app/components/ui/Panel.tsx'
import { Select } from '#app/components/ui/Select.tsx'
import { TextField } from '#app/components/ui/TextField.tsx'
import type { PersonPage } from '#app/console/people.ts'
import { useI18n } from '#app/i18n/I18n.tsx'
import type { Role } from '#core/db/schema/accounts.ts'
import { type ActAnswer, FoldedAct, ReasonField } from './ActForm.tsx'
import { roleWords } from './words.ts'

export interface PersonMay {
  unmask: boolean
  suspend: boolean
  credits: boolean
  roles: boolean
}

export type PersonAnswer =
  | undefined
  | (ActAnswer & { intent: 'unmask'; result?: { address: string } })
  | (ActAnswer & { intent: 'credits'; result?: { amount: number; given: boolean } })
  | (ActAnswer & { intent: 'suspend'; result?: { stopped: number } })
  | (ActAnswer & { intent: 'reinstate' | 'role' })

interface Props {
  person: PersonPage
  /** As many credits as one form may give. */
  mostCredits: number
  may: PersonMay
  answer: PersonAnswer
}

/** What this role may do with the account, each with its reason. */
export function PersonActs({ person, mostCredits, may, answer }: Props) {
  const { t } = useI18n()
  const canSuspend = may.suspend && !person.self && person.status !== 'deleted'
  const any = may.unmask || canSuspend || may.credits || may.roles
  if (!any) return null
  return (
    <Panel title={t('What you can do')} lifted>
      <Done answer={answer} />
      {may.unmask && person.maskedAddress !== null && (
        <FoldedAct
          intent="unmask"
          title={t('Show the address')}
          verb={t('Show it once')}
          lead={t('It is shown on this page until you leave it.')}
          answer={answer}
        >
          <ReasonField intent="unmask" answer={answer} />
        </FoldedAct>
      )}
      {may.credits && person.status !== 'deleted' && (
        <GiveCredits person={person} mostCredits={mostCredits} answer={answer} />
      )}
      {canSuspend && person.status !== 'suspended' && (
        <FoldedAct
          intent="suspend"
          title={t('Suspend the account')}
          verb={t('Suspend')}
          look="danger"
          lead={t(
            'They are signed out everywhere and cannot sign in, nor can their keys be used. {running, plural, =0 {No video is being made for them.} one {The video being made for them is stopped, and its credits go back.} other {The # videos being made for them are stopped, and their credits go back.}} Nothing is deleted. You can let them in again; what was stopped stays stopped.',
            { running: person.beingMade },
          )}
          answer={answer}
        >
          <ReasonField intent="suspend" answer={answer} />
        </FoldedAct>
      )}
      {canSuspend && person.status === 'suspended' && (
        <FoldedAct
          intent="reinstate"
          title={t('Reinstate the account')}
          verb={t('Reinstate')}
          lead={t('They can sign in again. Everything is as it was.')}
          answer={answer}
        >
          <ReasonField intent="reinstate" answer={answer} />
        </FoldedAct>
      )}
      {may.roles && !person.self && person.status === 'active' && (
        <ChangeRole person={person} answer={answer} />
      )}
      {person.self && <p className="pt-3 text-ink-3 text-xs">{t('This is your own account.')}</p>}
    </Panel>
  )
}

function Done({ answer }: { answer: PersonAnswer }) {
  const { t, number } = useI18n()
  if (!answer?.ok) return null
  if (answer.intent === 'unmask')
    return (
      <Callout announced tone="accent" title={t('The address')}>
        <code className="break-all font-mono text-ink text-sm">{answer.result?.address}</code>
      </Callout>
    )
  if (answer.intent === 'credits')
    return (
      <Callout announced tone={answer.result?.given ? 'good' : 'plain'}>
        {answer.result?.given
          ? t('{amount} credits were given.', { amount: number(answer.result.amount) })
          : t('This form had given its credits before. Nothing was given twice.')}
      </Callout>
    )
  const words = {
    suspend: t(
      'The account is suspended, and signed out everywhere. {stopped, plural, =0 {No video was being made.} one {One video was stopped, and its credits went back.} other {# videos were stopped, and their credits went back.}}',
      { stopped: answer.intent === 'suspend' ? (answer.result?.stopped ?? 0) : 0 },
    ),
    reinstate: t('The account is open again.'),
    role: t('The role was changed. They have to sign in anew.'),
  }
  return (
    <Callout announced tone="good">
      {words[answer.intent]}
    </Callout>
  )
}

function GiveCredits({ person, mostCredits, answer }: Omit<Props, 'may'>) {
  const { t } = useI18n()
  const mine = answer?.intent === 'credits' ? answer : undefined
  const error = mine?.refusal?.fields.amount
  return (
    <FoldedAct
      intent="credits"
      title={t('Give credits')}
      verb={t('Give')}
      answer={answer}
      hidden={{ key: person.formKey }}
    >
      <TextField
        label={t('Credits')}
        name="amount"
        type="number"
        inputMode="numeric"
        min={1}
        max={mostCredits}
        step={1}
        defaultValue={mine?.typed?.amount ?? ''}
        error={error && t(error)}
      />
      <ReasonField intent="credits" answer={answer} />
    </FoldedAct>
  )
}

function ChangeRole({ person, answer }: Pick<Props, 'person' | 'answer'>) {
  const { t } = useI18n()
  const roles = Object.keys(roleWords) as Role[]
  return (
    <FoldedAct
      intent="role"
      title={t('Change the role')}
      verb={t('Change')}
      lead={t(
        'Staff see what their task needs and no more. They are signed out, so that the new role holds at once.',
      )}
      answer={answer}
    >
      <Select
        label={t('Role')}
        name="role"
        defaultValue={person.role}
        options={roles.map((role) => ({ value: role, label: t(roleWords[role]) }))}
      />
      <ReasonField intent="role" answer={answer} />
    </FoldedAct>
  )
}
