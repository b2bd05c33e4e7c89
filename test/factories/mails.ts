import type { House } from '#app/house.ts'
import { command } from '#core/actor.ts'
import { type ReadableMail, readMail } from '#core/mail/outbox.ts'

/** Every mail in the outbox, opened; oldest first as far as the test's clock moved between them. */
export async function mailsOf(house: House): Promise<(ReadableMail & { kind: string })[]> {
  const rows = await house.db.read.selectFrom('mail').select(['id', 'kind']).orderBy('id').execute()
  return Promise.all(
    rows.map(async ({ id, kind }) => ({ kind, ...(await readMail(house, id, command, 'mail.reveal')) })),
  )
}

/** The token in the newest mail of a kind. */
export async function mailedToken(house: House, kind: string): Promise<string> {
  const mail = (await mailsOf(house)).findLast((one) => one.kind === kind)
  const token = mail?.body.action && new URL(mail.body.action.url).searchParams.get('token')
  if (!token) throw new Error(`No mail of the kind ${kind} with a link`)
  return token
}

/** How many rows each of our tables has; the queue engine's own are left out. */
export async function rowCounts(house: House): Promise<Record<string, number>> {
  const tables = await house.db.maintenance.introspection.getTables()
  const counts: Record<string, number> = {}
  for (const { name, schema } of tables) {
    if (schema === 'pgboss' || name === 'job') continue
    const row = await house.db.read
      .selectFrom(name as 'subject')
      .select((e) => e.fn.countAll().as('n'))
      .executeTakeFirstOrThrow()
    counts[name] = Number(row.n)
  }
  return counts
}
