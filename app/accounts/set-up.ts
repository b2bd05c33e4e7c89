import type { House } from '#app/house.ts'
import { paths } from '#app/paths.ts'
import { changeSettings } from '#app/settings.ts'
import { appendAudit, prepareEntry } from '#compliance/records/audit.ts'
import { AppError } from '#core/errors/errors.ts'
import { say } from '#core/i18n/say.ts'
import type { SubjectId } from '#core/ids/ids.ts'
import type { SetUpInput } from './accounts.schema.ts'
import { insertAccount, prepareAccount } from './new-account.ts'
import { assertAcceptable } from './passwords.ts'
import type { Visitor } from './sign-up.ts'
import * as queries from './subjects.queries.ts'
import { consumeToken, issueToken, newToken } from './tokens.ts'

/**
 * The first start. There is no account that everybody knows: a one-time link in the terminal makes the first owner, and
 * the door is closed once there is one.
 */
export async function setUpLink(house: House): Promise<URL | undefined> {
  if (await queries.ownerExists(house.db.read)) return undefined
  const token = newToken()
  await house.db.transaction((tx) =>
    issueToken(tx, { token, purpose: 'set_up', subject: null, now: house.clock.now() }),
  )
  return new URL(paths.setUp(token), house.config.appUrl)
}

export async function setUp(house: House, input: SetUpInput, visitor: Visitor): Promise<SubjectId> {
  assertAcceptable(input.password, input.email)
  const account = await prepareAccount(house, { ...input, ...visitor, role: 'owner', verified: true })
  const { id } = account.row
  const now = house.clock.now()
  const entry = await prepareEntry(house, {
    actor: { kind: 'staff', id, role: 'owner' },
    act: 'installation.set_up',
    target: { kind: 'subject', id },
  })
  await house.db.transaction(async (tx) => {
    await consumeToken(tx, input.token, 'set_up', now)
    if (await queries.ownerExists(tx)) throw alreadySetUp()
    const credits = { amount: house.config.welcomeCredits, actor: 'system:welcome' }
    if (!(await insertAccount(tx, account, credits)))
      throw new AppError(
        'address_taken',
        say('There is an account with this address already. Use another one.'),
      )
    await changeSettings(tx, { site_name: input.site_name, contact: input.contact, set_up_at: now }, now)
    await appendAudit(tx, entry)
  })
  return id
}

export function alreadySetUp(): AppError {
  return new AppError('already_set_up', say('This installation is set up. Sign in as its owner.'), {
    status: 410,
  })
}
