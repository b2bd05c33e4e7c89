import { addressHash, maskAddress } from '#app/accounts/addresses.ts'
import { may } from '#app/accounts/permissions.ts'
import * as subjects from '#app/accounts/subjects.queries.ts'
import { type Balance, balanceOf } from '#app/billing/ledger/ledger.ts'
import type { House } from '#app/house.ts'
import { isLive } from '#app/studio/generations/states.ts'
import { appendAudit, prepareEntry } from '#compliance/records/audit.ts'
import { accessOf } from '#core/actor.ts'
import { unsealText } from '#core/crypto/sealed-text.ts'
import type { ThingKey } from '#core/crypto/thing-key.ts'
import type { SubjectTable } from '#core/db/schema/accounts.ts'
import type { GenerationState } from '#core/db/schema/studio.ts'
import { isId, newId, type SubjectId } from '#core/ids/ids.ts'
import { openAsStaff } from './open-as-staff.ts'
import * as queries from './people.queries.ts'
import { nothingThere, PAGE, type Staff } from './staff.ts'

/**
 * People, as staff see them: found by exact address or id, with their address masked. Each address that is opened, also
 * only to be masked, is counted and recorded (`open-as-staff.ts`).
 */
export interface PersonRow extends Pick<SubjectTable, 'id' | 'status' | 'role' | 'region'> {
  createdAt: number
  /** As `m•••@e•••.org`; null when the key is gone or this role may not look. */
  maskedAddress: string | null
}

export interface PersonPage extends PersonRow {
  credits: Balance
  generations: { state: GenerationState; count: number }[]
  /** How many videos are being made now. */
  beingMade: number
  sessions: number
  apiKeys: number
  self: boolean
  /** For the form that gives credits: the same form gives once. */
  formKey: string
}

/** The newest accounts, with masked addresses. There is no way on from here: nobody browses everybody. */
export async function newestPeople(house: House, actor: Staff): Promise<PersonRow[]> {
  const rows = await queries.newest(house.db.read, PAGE)
  const keys = await openAsStaff(
    house,
    { actor, act: 'console.read', detail: { list: 'people' } },
    (keyring) =>
      keyring.open(
        rows.map((row) => row.key_id),
        accessOf(actor, 'people.list'),
      ),
  )
  return rows.map((row) => rowOf(row, keys.get(row.key_id)))
}

/** Whose exact address or id this is. Hit or miss is recorded, without what was typed. */
export async function findPerson(house: House, actor: Staff, text: string): Promise<SubjectId | undefined> {
  const { db, keyring } = house
  const byId = isId('subject', text)
  const found = byId
    ? await subjects.subjectById(db.read, text)
    : await subjects.subjectByHash(db.read, await addressHash(keyring, text))
  const entry = await prepareEntry(house, {
    actor,
    act: 'person.searched',
    ...(found ? { target: { kind: 'subject', id: found.id } } : {}),
    detail: { by: byId ? 'id' : 'address', found: found !== undefined },
  })
  await db.transaction((tx) => appendAudit(tx, entry))
  return found?.id
}

/** A person's page. Moderators come here from a video and see no address at all. Throws 404. */
export async function lookUpPerson(house: House, actor: Staff, id: string): Promise<PersonPage> {
  const { db, clock } = house
  const row = await personRow(house, id)
  const now = clock.now()
  const target = { kind: 'subject', id: row.id }
  const keys = may(actor.role, 'people.find')
    ? await openAsStaff(house, { actor, act: 'person.looked_up', target }, (keyring) =>
        keyring.open([row.key_id], accessOf(actor, 'people.look_up', row.id)),
      )
    : undefined
  const [credits, generations, sessions, apiKeys] = await Promise.all([
    balanceOf(db.read, row.id),
    queries.generationCounts(db.read, row.id),
    queries.liveSessions(db.read, row.id, now),
    queries.livingKeys(db.read, row.id, now),
  ])
  return {
    ...rowOf(row, keys?.get(row.key_id)),
    credits,
    generations,
    beingMade: generations.reduce((sum, { state, count }) => sum + (isLive(state) ? count : 0), 0),
    sessions,
    apiKeys,
    self: row.id === actor.id,
    formKey: newId('event', now),
  }
}

/** The whole address, for a reason that is kept. Throws 404, and `KeyGone` when the person was erased. */
export async function unmaskPerson(house: House, actor: Staff, id: string, reason: string): Promise<string> {
  const row = await personRow(house, id)
  const target = { kind: 'subject', id: row.id }
  return openAsStaff(house, { actor, act: 'person.unmasked', target, note: reason }, async (keyring) => {
    const key = (await keyring.open([row.key_id], accessOf(actor, 'people.unmask', row.id))).get(row.key_id)
    if (!key) throw nothingThere()
    return addressOf(row, key)
  })
}

export async function personRow({ db }: Pick<House, 'db'>, id: string): Promise<SubjectTable> {
  const row = isId('subject', id) ? await subjects.subjectById(db.read, id) : undefined
  if (!row) throw nothingThere()
  return row
}

function rowOf(row: SubjectTable, key: ThingKey | undefined): PersonRow {
  const { id, status, role, region } = row
  return {
    id,
    status,
    role,
    region,
    createdAt: row.created_at,
    maskedAddress: key ? maskAddress(addressOf(row, key)) : null,
  }
}

function addressOf(row: SubjectTable, key: ThingKey): string {
  return unsealText(key, { table: 'subject', column: 'email_sealed', row: row.id }, row.email_sealed)
}
