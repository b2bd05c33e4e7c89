import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type OpenedHouse, openWorkshop } from '#app/open-house.ts'
import { standingsOf } from '#compliance/promises/run.ts'
import { trialStamp } from '#compliance/provenance/stamp.ts'
import { HOUR, MINUTE } from '#core/clock/clock.ts'
import { isAppError } from '#core/errors/errors.ts'
import { translatorFor } from '#core/i18n/translate.ts'
import { type Finding, good, warning, wrong } from './doctor.finding.ts'

/** What the doctor sees of the house once it is open. */

export async function keyring({ keyring, config, db }: OpenedHouse): Promise<Finding[]> {
  const { sampled, broken } = await keyring.verify(50)
  const findings: Finding[] = [
    broken.length > 0
      ? wrong(
          'keyring',
          `${broken.length} of ${sampled} keys do not open.`,
          'Restore the newest copy of the keyring.',
        )
      : good('keyring', `${sampled} keys were tried, and open`),
  ]
  const placement = await keyring.placement(config.database).catch(() => 'unknown' as const)
  if (placement === 'same_cluster')
    findings.push(
      warning(
        'keyring',
        'It lies on the same server as the data: a deleted key stays in that server’s backups.',
        'Set KEYRING_URL to another server.',
      ),
    )
  if (config.masterKey) return [...findings, good('installation key', 'given by MASTER_KEY')]
  const path = join(config.dataDir, 'keyring', 'master.key')
  const previous = await stat(`${path}.previous`).catch(() => undefined)
  if (previous)
    findings.push(
      warning('installation key', 'A change of keys was begun and not ended.', 'Run: fairframe keys rotate'),
    )
  const confirmed = await db.read
    .selectFrom('audit')
    .select('seq')
    .where('act', '=', 'installation.key_backed_up')
    .limit(1)
    .executeTakeFirst()
  findings.push(
    confirmed
      ? good('installation key', 'somebody said in the console that there is a copy')
      : warning(
          'installation key',
          'Nobody has said yet that there is a copy of it; without it nothing can be read.',
          `Copy ${path} to another place and confirm it in the console.`,
        ),
  )
  return findings
}

export async function storage({ objects, config }: OpenedHouse): Promise<Finding> {
  try {
    await objects.check()
    return good(
      'storage',
      config.storage.kind === 'local' ? config.storage.dir : `bucket ${config.storage.bucket}`,
    )
  } catch (error) {
    return wrong('storage', sentenceOf(error), 'Look at STORAGE and the S3 settings, or at the disk.')
  }
}

/** Signs and reads a tiny picture with what the worker would use. */
export async function provenance(house: OpenedHouse): Promise<Finding> {
  try {
    const workshop = await openWorkshop(house)
    try {
      await trialStamp(workshop.engine, workshop.authority, house.clock.now())
      return good('provenance', `signed and read a picture (${workshop.engine.name})`)
    } finally {
      await workshop.close()
    }
  } catch (error) {
    return wrong(
      'provenance',
      sentenceOf(error),
      'Set PROVENANCE_ENGINE=wasm, or look at the folder provenance.',
    )
  }
}

/** What waits though nobody else is before it, and what died. */
export async function worker({ db, clock, queue }: OpenedHouse): Promise<Finding[]> {
  const now = clock.now()
  const counts = Object.values(await queue.counts()).reduce(
    (sum, one) => ({
      waiting: sum.waiting + one.waiting,
      active: sum.active + one.active,
      dead: sum.dead + one.dead,
    }),
    { waiting: 0, active: 0, dead: 0 },
  )
  const oldest = await db.read
    .selectFrom('generation')
    .select('created_at')
    .where('state', '=', 'queued')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
  const sign = await db.read
    .selectFrom('promise_check')
    .select((e) => e.fn.max<number | null>('checked_at').as('at'))
    .executeTakeFirst()
  const waits = oldest && counts.active === 0 && now - oldest.created_at > 5 * MINUTE
  // Each hour the worker looks at the promises: a sign of life that needs nobody to ask for a video.
  const silent = sign?.at != null && now - Number(sign.at) > 3 * HOUR
  const findings = [
    waits || silent
      ? wrong(
          'worker',
          waits ? 'Videos wait and none is being made.' : 'It has not done its hourly work.',
          'Start Fairframe again and look at the log: the worker may have no ffmpeg, or no room.',
        )
      : good('worker', `${counts.waiting} jobs wait, ${counts.active} run`),
  ]
  if (counts.dead > 0)
    findings.push(
      warning('jobs', `${counts.dead} failed for good.`, 'Look at them in the console, under Jobs.'),
    )
  return findings
}

export async function promiseStates({ db, clock }: OpenedHouse): Promise<Finding> {
  const standings = await standingsOf(db.read, clock.now())
  const of = (state: string) => standings.filter((one) => one.state === state).map(({ id }) => id)
  const [broken, unknown] = [of('broken'), of('unknown')]
  if (broken.length > 0)
    return wrong('promises', `Broken: ${broken.join(', ')}.`, 'Look at the evidence: fairframe promises')
  if (unknown.length > 0)
    return warning(
      'promises',
      `Not looked at for a day: ${unknown.join(', ')}.`,
      'The worker looks each hour; or run: fairframe promises',
    )
  return good('promises', `${of('kept').length} kept, ${of('not_made').length} not made`)
}

const english = translatorFor('en')

function sentenceOf(error: unknown): string {
  if (isAppError(error)) return english.t(error.sentence)
  return error instanceof Error ? error.message : 'It cannot be used.'
}
