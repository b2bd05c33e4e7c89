import { createHash, randomBytes } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { sql } from 'kysely'
import { accessOf, system } from '#core/actor.ts'
import { isAppError } from '#core/errors/errors.ts'
import { say } from '#core/i18n/say.ts'
import { newId } from '#core/ids/ids.ts'
import { type Kept, keptIf, type PromiseGround } from './promise.ts'
import { walk } from './walk.ts'

/** Children, screening, and media that say what they are. */
export const A1: Kept = {
  id: 'A1',
  sentence: say('Nobody has an account who did not say that they are old enough where they live.'),
  keptBy: say('A neutral question when an account is made; only "old enough" is kept.'),
  async check({ db }) {
    const { rows } = await sql<{ active: number; young: number }>`select count(*) as active,
      coalesce(sum(case when old_enough = 1 then 0 else 1 end), 0) as young from subject where status = 'active'`.execute(
      db.read as never,
    )
    const young = Number(rows[0]?.young)
    return keptIf(young === 0, { active_accounts: Number(rows[0]?.active), without_answer: young })
  },
}

const ready = sql`r.state = 'ready'`
const look = (what: string, condition: ReturnType<typeof sql>) =>
  sql`exists (select 1 from screening as s where s.generation_id = r.id and s.what = ${what} and ${condition})`
/** A video of the person's own was looked at when it was made. */
const lookedAtFile = (condition: ReturnType<typeof sql>) =>
  sql`(exists (select 1 from screening as s where s.reference_id = i.reference_id and s.what = 'reference' and ${condition})
    or exists (select 1 from screening as s where s.generation_id = i.source_id and s.what = 'output' and ${condition}))`
/** One of the files it was made from is so. */
const someInput = (condition: ReturnType<typeof sql>) =>
  sql`exists (select 1 from generation_input as i where i.generation_id = r.id and ${condition})`

/** Each record there must be says what looked and let it pass. */
const recorded = sql`s.looked_by <> '' and s.verdict <> 'block'`
const nobodyLooked = sql`s.verdict = 'nothing_looked'`

export const M1: Kept = {
  id: 'M1',
  sentence: say(
    'Prompts, reference pictures and finished videos are screened before anyone sees the result.',
  ),
  keptBy: say('Three points that fail closed, each with a record of what looked.'),
  async check({ db }, previous) {
    const missing = await walk(
      db.read,
      {
        table: 'generation',
        key: 'id',
        where: ready,
        wrong: sql`not (${look('prompt', recorded)} and ${look('output', recorded)}
          and not ${someInput(sql`not ${lookedAtFile(recorded)}`)})`,
      },
      previous.next,
    )
    const unseen = await walk(
      db.read,
      {
        table: 'generation',
        key: 'id',
        where: ready,
        wrong: sql`${look('prompt', nobodyLooked)} or ${look('output', nobodyLooked)}
          or ${someInput(lookedAtFile(nobodyLooked))}`,
      },
      previous.next_unseen,
    )
    const evidence = {
      videos: missing.looked,
      without_a_record: missing.wrong,
      where_nothing_looks_yet: unseen.wrong,
      next: missing.next,
      next_unseen: unseen.next,
    }
    if (missing.wrong > 0) return { state: 'broken', evidence }
    // Honest before flattering: while one of the three points looks at nothing, or nothing shows that they look, this is
    // not promised.
    return { state: unseen.wrong > 0 || missing.looked === 0 ? 'not_made' : 'kept', evidence }
  },
}

/** Files read again in each run. */
const SAMPLE = 3

export const M7: Kept = {
  id: 'M7',
  sentence: say(
    'Synthetic media says so: each video, its poster and its preview carry a signed statement of where they come from.',
  ),
  keptBy: say('No file is ready before its statement was put in, read again and found good.'),
  async check(ground, previous) {
    const { db, readProvenance } = ground
    const unsigned = await walk(
      db.read,
      {
        table: 'generation',
        key: 'id',
        where: ready,
        // Of each there has to be a video, and whatever else there is goes out by a link as well.
        wrong: sql`not exists (select 1 from asset as a where a.generation_id = r.id and a.kind = 'video')
          or exists (select 1 from asset as a where a.generation_id = r.id
            and not exists (select 1 from stamp as p where p.asset_id = a.id and p.sha256 = a.sha256))`,
      },
      previous.next,
    )
    const evidence = { videos: unsigned.looked, without_statement: unsigned.wrong, next: unsigned.next }
    if (unsigned.wrong > 0) return { state: 'broken', evidence }
    if (!readProvenance)
      return { state: 'not_made', evidence: { ...evidence, files_read: 0, reader: 'none here' } }
    const files = await sampleOf(ground)
    let bad = 0
    for (const file of files) if (!(await validates(ground, readProvenance, file))) bad += 1
    return keptIf(bad === 0, { ...evidence, files_read: files.length, files_that_do_not_validate: bad })
  },
}

/** Of videos, posters and previews the newest, and others from random moments: ids begin with their time, so a made-up one finds its neighbour. */
async function sampleOf({ db, clock }: PromiseGround) {
  const signed = db.read
    .selectFrom('stamp as p')
    .innerJoin('asset as a', 'a.id', 'p.asset_id')
    .innerJoin('generation as g', 'g.id', 'p.generation_id')
    .select(['a.id', 'a.key_id', 'a.object_key', 'a.size', 'a.subject_id', 'p.sha256', 'p.public_id'])
    .where('g.state', '=', 'ready')
  const newest = await signed.orderBy('a.id', 'desc').limit(1).executeTakeFirst()
  const first = await db.read
    .selectFrom('stamp')
    .select('signed_at')
    .orderBy('asset_id')
    .limit(1)
    .executeTakeFirst()
  const found = new Map(newest ? [[newest.id, newest]] : [])
  for (let i = 1; newest && first && i < SAMPLE; i++) {
    const moment = first.signed_at + Math.floor(Math.random() * Math.max(1, clock.now() - first.signed_at))
    const one = await signed
      .where('a.id', '>=', newId('asset', moment))
      .orderBy('a.id')
      .limit(1)
      .executeTakeFirst()
    if (one) found.set(one.id, one)
  }
  return [...found.values()]
}

type Sampled = Awaited<ReturnType<typeof sampleOf>>[number]

async function validates(
  { keyring, store, folders }: PromiseGround,
  readProvenance: NonNullable<PromiseGround['readProvenance']>,
  file: Sampled,
): Promise<boolean> {
  const key = (
    await keyring.open([file.key_id], accessOf(system('promises'), 'promise.check', file.subject_id))
  ).get(file.key_id)
  // Removed while we look: nothing is promised of it any more.
  if (!key) return true
  await mkdir(folders.scratch, { recursive: true, mode: 0o700 })
  const path = join(folders.scratch, `promise-${randomBytes(8).toString('hex')}`)
  try {
    const hash = createHash('sha256')
    const opened = await store.open(file.object_key, async () => key.bytes)
    await pipeline(
      opened.read(),
      async function* (pieces: AsyncIterable<Uint8Array>) {
        for await (const piece of pieces) {
          hash.update(piece)
          yield piece
        }
      },
      createWriteStream(path, { mode: 0o600 }),
    )
    if (hash.digest('hex') !== file.sha256) return false
    const report = await readProvenance(path)
    return (
      report.state === 'Trusted' &&
      report.integrity === 'unchanged' &&
      report.signer?.trusted === 'ours' &&
      report.generation?.publicId === file.public_id
    )
  } catch (error) {
    // A file that is gone or was changed is what this looks for; anything else means that it could not look.
    if (isAppError(error) && ['seal_broken', 'object_missing'].includes(error.code)) return false
    throw error
  } finally {
    await rm(path, { force: true })
  }
}
