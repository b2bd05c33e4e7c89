import { randomBytes } from 'node:crypto'
import { accessOf, system } from '#core/actor.ts'
import { DAY, MINUTE } from '#core/clock/clock.ts'
import { unsealText } from '#core/crypto/sealed-text.ts'
import { readSealedHeader } from '#core/crypto/stream/format.ts'
import type { ThingKey } from '#core/crypto/thing-key.ts'
import { isAppError } from '#core/errors/errors.ts'
import { say } from '#core/i18n/say.ts'
import type { KeyId } from '#core/ids/ids.ts'
import { type Kept, keptIf, type PromiseGround } from './promise.ts'
import { type Sought, searchRaw } from './raw-search.ts'

/** How it is protected. */
const SAMPLE = 8

export const S2: Kept = {
  id: 'S2',
  sentence: say('Videos, pictures, prompts, addresses and secrets are encrypted where they are stored.'),
  keptBy: say('Each thing is sealed under a key of its own, in a keyring apart.'),
  async check(ground, previous) {
    const markers = await ground.canaryMarkers()
    const texts = await sealedTexts(ground)
    const files = await sealedFiles(ground)
    const raw = await searchRaw(ground, anyOf(markers), previous)
    const wrong = texts.wrong + files.wrong + raw.found.length
    return keptIf(wrong === 0, {
      texts_opened: texts.looked,
      texts_not_sealed: texts.wrong,
      files_opened: files.looked,
      files_not_sealed: files.wrong,
      canary_markers: markers.length,
      markers_found_in: raw.found.join(', '),
      ...raw.evidence,
    })
  },
}

function anyOf(markers: readonly string[]): Sought {
  return {
    in: (text) => markers.some((marker) => text.includes(marker)),
    overlap: Math.max(0, ...markers.map((marker) => marker.length)),
  }
}

/** A cell opens with its key, and does not with another one. Nobody reads what it says. */
async function sealedTexts({ db, keyring }: PromiseGround) {
  const prompts = await db.read
    .selectFrom('generation')
    .select(['id', 'key_id', 'prompt_sealed as sealed'])
    .where('prompt_sealed', '<>', '')
    .orderBy('id', 'desc')
    .limit(SAMPLE)
    .execute()
  const addresses = await db.read
    .selectFrom('subject')
    .select(['id', 'key_id', 'email_sealed as sealed'])
    .where('status', '<>', 'deleted')
    .orderBy('id', 'desc')
    .limit(SAMPLE)
    .execute()
  const cells = [
    ...prompts.map((row) => ({ ...row, table: 'generation', column: 'prompt_sealed' })),
    ...addresses.map((row) => ({ ...row, table: 'subject', column: 'email_sealed' })),
  ]
  const keys = await openAll(
    keyring,
    cells.map(({ key_id }) => key_id),
  )
  let looked = 0
  let wrong = 0
  for (const { table, column, id, key_id, sealed } of cells) {
    const key = keys.get(key_id)
    // Its key was destroyed a moment ago, which is how things go here.
    if (!key) continue
    looked += 1
    const opens = (other: ThingKey) => holds(() => unsealText(other, { table, column, row: id }, sealed))
    if (!(await opens(key)) || (await opens(strangeKey(key_id)))) wrong += 1
  }
  return { looked, wrong }
}

async function sealedFiles({ db, keyring, objects, store }: PromiseGround) {
  const rows = await db.read
    .selectFrom('asset')
    .select(['key_id', 'object_key', 'size'])
    .orderBy('id', 'desc')
    .limit(SAMPLE)
    .execute()
  const keys = await openAll(
    keyring,
    rows.map(({ key_id }) => key_id),
  )
  let looked = 0
  let wrong = 0
  for (const { key_id, object_key, size } of rows) {
    const key = keys.get(key_id)
    if (!key) continue
    const opens = (bytes: Uint8Array) =>
      holds(async () => {
        const opened = await store.open(object_key, async () => bytes, { expectedSize: size })
        for await (const _ of opened.read({ start: 0, end: Math.min(size, 1024) - 1 })) break
      })
    const named = await holds(async () => {
      for await (const start of await objects.get(object_key)) {
        if (readSealedHeader(start).keyId !== key_id) throw new Error('another key')
        break
      }
    })
    // A sweep may have taken it between the two looks.
    if (!(await objects.head(object_key))) continue
    looked += 1
    if (!named || !(await opens(key.bytes)) || (await opens(strangeKey(key_id).bytes))) wrong += 1
  }
  return { looked, wrong }
}

function openAll(keyring: PromiseGround['keyring'], ids: KeyId[]): Promise<Map<KeyId, ThingKey>> {
  return keyring.open(ids, accessOf(system('promises'), 'promise.check'))
}

function strangeKey(id: KeyId): ThingKey {
  return { id, bytes: Uint8Array.from(randomBytes(32)) }
}

async function holds(work: () => unknown): Promise<boolean> {
  try {
    await work()
    return true
  } catch (error) {
    // Only a broken seal or a missing file is an answer; a store that is away is none.
    if (isAppError(error) && error.status >= 500 && error.code !== 'seal_broken') throw error
    return false
  }
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
