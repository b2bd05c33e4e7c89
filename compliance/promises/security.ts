import { randomBytes } from 'node:crypto'
import { DAY, MINUTE } from '#core/clock/clock.ts'
import { say } from '#core/i18n/say.ts'
import { markersRaw } from './canary.ts'
import { type Kept, keptIf } from './promise.ts'
import { type Sought, searchRaw } from './raw-search.ts'
import { sealedFiles, sealedTexts } from './sealed.ts'

/** How it is protected. */
export const S2: Kept = {
  id: 'S2',
  sentence: say(
    'Videos, pictures, prompts, names, addresses and secrets are encrypted where they are stored.',
  ),
  keptBy: say(
    'Each thing is sealed under a key of its own, in a keyring apart. Samples are opened; and what a made-up person wrote is looked for unsealed in the database and its log, the log files, unfinished videos and whatever else lies in the data folder, copies of the database among them unless they are packed. Not looked at: copies elsewhere, and the log of a PostgreSQL server.',
  ),
  async check(ground, previous) {
    const markers = await ground.canaryMarkers()
    const texts = await sealedTexts(ground)
    const secrets = await ground.openSecrets()
    const files = await sealedFiles(ground)
    const sought = markersRaw(markers)
    const raw = await searchRaw(ground, sought, previous)
    const wrong = texts.wrong + secrets.wrong + files.wrong + raw.found.length
    return keptIf(wrong === 0, {
      texts_opened: texts.looked,
      texts_not_sealed: texts.wrong,
      not_sealed_in: texts.wrongIn.join(', '),
      secrets_opened: secrets.looked,
      secrets_not_sealed: secrets.wrong,
      files_opened: files.looked,
      files_not_sealed: files.wrong,
      canary_markers: Object.keys(markers.kinds).length,
      markers_found_in: raw.found.join(', '),
      markers_found: [...sought.seen].sort().join(', '),
      ...raw.evidence,
    })
  },
}

/** Before its end a key's owner must have been told. */
const REMINDED_BEFORE = 7 * DAY

export const S3: Kept = {
  id: 'S3',
  sentence: say('API keys are stored as hashes, have scopes and an end, and you are told before they end.'),
  keptBy: say('A key is shown once; what is stored is its beginning and a hash.'),
  async check(ground, previous) {
    const { db, clock, apiKeys } = ground
    const now = clock.now()
    const living = db.read.selectFrom('api_key').where('revoked_at', 'is', null)
    const shapes = await living
      .select(['hash', 'prefix', 'expires_at'])
      .where((e) => e.or([e('expires_at', 'is', null), e('expires_at', '>', now)]))
      .orderBy('id', 'desc')
      .limit(10_000)
      .execute()
    const misshapen = shapes.filter(
      ({ hash, prefix, expires_at }) =>
        !/^[A-Za-z0-9_-]{43}$/.test(hash) || prefix.length > 12 || expires_at === null,
    ).length
    const { silent } = await living
      .select((e) => e.fn.countAll<number>().as('silent'))
      .where('expires_at', '>', now)
      .where('expires_at', '<', now + REMINDED_BEFORE)
      .where('reminded_at', 'is', null)
      .executeTakeFirstOrThrow()
    const isLive = async (key: string) =>
      (await living.select('id').where('hash', '=', apiKeys.hash(key)).executeTakeFirst()) !== undefined
    const raw = await searchRaw(ground, liveKeys(apiKeys.pattern, isLive), previous)
    return keptIf(misshapen + Number(silent) + raw.found.length === 0, {
      living_keys: shapes.length,
      not_as_hash_with_end: misshapen,
      ending_unannounced: Number(silent),
      whole_keys_found_in: raw.found.join(', '),
      ...raw.evidence,
    })
  },
}

/** What looks like a key and is one that works; others are somebody's words. */
function liveKeys(pattern: RegExp, isLive: (key: string) => Promise<boolean>): Sought {
  return {
    async in(text) {
      for (const [key] of text.matchAll(pattern)) if (await isLive(key)) return true
      return false
    },
    overlap: 100,
  }
}

export const S4: Kept = {
  id: 'S4',
  sentence: say('Download links are signed and stop by themselves.'),
  keptBy: say('A signature over the path and the end, checked before anything is looked for.'),
  async check({ clock, linksAt }) {
    const path = `/media/canary-${randomBytes(8).toString('hex')}/video`
    const signed = new URL(linksAt(clock).sign(path, MINUTE), 'http://localhost')
    const [expires, signature] = [signed.searchParams.get('expires'), signed.searchParams.get('sig')]
    const later = linksAt({ now: () => clock.now() + 2 * MINUTE })
    const links = linksAt(clock)
    const altered = [
      links.check(`${path}x`, expires, signature),
      links.check(path, String(Number(expires) + 1), signature),
      links.check(path, expires, `${signature?.startsWith('A') ? 'B' : 'A'}${signature?.slice(1)}`),
      links.check(path, expires, null),
      links.check(path, null, signature),
    ]
    const evidence = {
      good_link_opens: links.check(path, expires, signature),
      expired_link_opens: later.check(path, expires, signature),
      altered_links_tried: altered.length,
      altered_links_that_open: altered.filter(Boolean).length,
    }
    const holds =
      evidence.good_link_opens && !evidence.expired_link_opens && evidence.altered_links_that_open === 0
    return keptIf(holds, evidence)
  },
}
