import { addressHash } from '#app/accounts/addresses.ts'
import * as apiKeys from '#app/accounts/api-keys.queries.ts'
import { createApiKey, revokeApiKey } from '#app/accounts/api-keys.ts'
import { insertAccount, prepareAccount } from '#app/accounts/new-account.ts'
import { changeProfile } from '#app/accounts/profile.ts'
import { setStatus, subjectByHash } from '#app/accounts/subjects.queries.ts'
import type { House } from '#app/house.ts'
import { assemble } from '#app/studio/catalogue/live.ts'
import { storyboard } from '#app/studio/catalogue/models/storyboard.ts'
import type { ModelRecord } from '#app/studio/catalogue/record.ts'
import { compose } from '#app/studio/generations/compose.ts'
import { endIn, stopJobs } from '#app/studio/generations/end.ts'
import { type CanaryMarkers, ofCanary } from '#compliance/promises/canary.ts'
import type { Keyring } from '#core/crypto/keyring/keyring.ts'
import type { SubjectTable } from '#core/db/schema/accounts.ts'
import type { Tx } from '#core/db/schema/schema.ts'
import type { SubjectId } from '#core/ids/ids.ts'
import { insertMail, prepareMail } from '#core/mail/outbox.ts'

/** The kinds of text that people leave here, each with its marker in the canary's. */
const kinds = [
  'address',
  'name',
  'prompt',
  'negative prompt',
  'mail title',
  'mail text',
  'API key name',
] as const

/**
 * Makes the canary's account, and what it lacks of texts, through the functions that write people's. Its prompt and its mail
 * go after their time as everybody's do, and are made anew.
 */
export async function ensureCanary(house: House): Promise<CanaryMarkers> {
  const markers = await markersOf(house.keyring)
  const subject = await account(house, markers)
  if (subject.name_sealed === null)
    await changeProfile(house, subject, {
      name: `Canary ${markers.kinds.name}`,
      region: subject.region,
      locale: subject.locale,
      time_zone: subject.time_zone,
    })
  await apiKey(house, subject.id, markers)
  await mail(house, subject.id, markers)
  await prompt(house, subject.id, markers)
  return markers
}

type Markers = CanaryMarkers & { kinds: Record<(typeof kinds)[number], string> }

async function markersOf(keyring: Keyring): Promise<Markers> {
  const part = async (of: string, length: number) =>
    Buffer.from(await keyring.keyedHash('canary', of), 'base64url')
      .toString('hex')
      .slice(0, length)
  const shared = await part('', 20)
  const found = await Promise.all(kinds.map(async (kind) => [kind, shared + (await part(kind, 12))] as const))
  return { shared, kinds: Object.fromEntries(found) as Markers['kinds'] }
}

const addressOf = (markers: Markers) => `canary-${markers.kinds.address}@canary.invalid`

/** Closed from the start: nobody knows its password, and what is suspended does not sign in. */
async function account(house: House, markers: Markers): Promise<SubjectTable> {
  const { db, keyring } = house
  const email = addressOf(markers)
  const known = async () => subjectByHash(db.read, await addressHash(keyring, email))
  const before = await known()
  if (before) return before
  // Its id comes before all others, where no list begins.
  const atTheBeginning = { ...house, clock: { now: () => 0 } }
  const made = await prepareAccount(atTheBeginning, {
    email,
    password: crypto.randomUUID() + crypto.randomUUID(),
    region: 'DE',
    locale: 'en',
    timeZone: 'UTC',
    role: 'person',
    verified: false,
  })
  await db.transaction(async (tx) => {
    if (await insertAccount(tx, made, { amount: 0, actor: 'system:canary' }))
      await setStatus(tx, made.row.id, 'suspended', house.clock.now())
  })
  const after = await known()
  if (!after) throw new Error('The canary is not there right after it was made')
  return after
}

async function apiKey(house: House, subject: SubjectId, markers: Markers): Promise<void> {
  const rows = await apiKeys.ofSubject(house.db.read, subject)
  const name = `Canary ${markers.kinds['API key name']}`
  if (rows.length === 0) rows.push(...(await made()))
  for (const { id, revoked_at } of rows) if (revoked_at === null) await revokeApiKey(house, subject, id)

  async function made() {
    await createApiKey(house, { kind: 'person', id: subject }, { subject, name })
    return apiKeys.ofSubject(house.db.read, subject)
  }
}

/** A mail that failed: it lies in the outbox with its text, and nobody sends it. */
async function mail(house: House, subject: SubjectId, markers: Markers): Promise<void> {
  const there = await house.db.read
    .selectFrom('mail')
    .select('id')
    .where('subject_id', '=', subject)
    .where('content_sealed', 'is not', null)
    .limit(1)
    .executeTakeFirst()
  if (there) return
  const row = await prepareMail(house, {
    kind: ofCanary,
    secret: false,
    subject,
    to: addressOf(markers),
    title: `Canary ${markers.kinds['mail title']}`,
    body: { paragraphs: [`Canary ${markers.kinds['mail text']}`], footer: '' },
    locale: 'en',
  })
  await house.db.transaction((tx) => insertMail(tx, { ...row, status: 'failed', failure: ofCanary }))
}

/** What the canary asks for: no provider, whatever the operator has switched on or off, and no credits. */
const record: ModelRecord = {
  ...storyboard,
  id: ofCanary,
  price: { version: 1, credits: '0' },
  negativePrompt: { most: 200 },
}
const nothingSet = { models: [], routes: [], connections: [], processors: [], health: [] }

/** A video that was asked for and cancelled in one transaction, so that no worker ever finds it waiting. */
async function prompt(house: House, subject: SubjectId, markers: Markers): Promise<void> {
  const there = await house.db.read
    .selectFrom('generation')
    .select('id')
    .where('subject_id', '=', subject)
    .where('prompt_sealed', '<>', '')
    .limit(1)
    .executeTakeFirst()
  if (there) return
  const [model] = assemble([record], () => false, nothingSet, house.clock.now())
  const here: House = {
    ...house,
    catalogue: { ...house.catalogue, model: async () => model },
    db: {
      ...house.db,
      together: (work) => house.db.transaction((tx) => whileOpen(house, tx, subject, () => work(tx))),
    },
  }
  await compose(
    here,
    { subject, apiKey: null },
    {
      model: record.id,
      prompt: `A canary sings ${markers.kinds.prompt}`,
      negative_prompt: `Canary ${markers.kinds['negative prompt']}`,
      resolution: '480p',
    },
  )
}

/** A suspended account may ask for nothing: within the transaction it is open, and nobody sees it so. */
async function whileOpen<T>(house: House, tx: Tx, subject: SubjectId, work: () => Promise<T>): Promise<T> {
  const now = house.clock.now()
  await setStatus(tx, subject, 'unverified', now)
  const done = await work()
  const waiting = await tx
    .selectFrom('generation')
    .select('id')
    .where('subject_id', '=', subject)
    .where('state', '=', 'queued')
    .execute()
  for (const { id } of waiting) {
    await stopJobs(house, tx, id)
    await endIn(house, tx, id, 'cancel', 'cancelled')
  }
  await setStatus(tx, subject, 'suspended', now)
  return done
}
