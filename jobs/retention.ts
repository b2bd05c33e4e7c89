import { join } from 'node:path'
import { remindOfEndingKeys } from '#app/accounts/key-reminders.ts'
import type { House } from '#app/house.ts'
import { noteKeyringVersion } from '#app/open-house.ts'
import * as rules from '#app/studio/creations/retention.ts'
import { orphanKeys } from '#compliance/retention/orphan-keys.ts'
import { orphanObjects } from '#compliance/retention/orphan-objects.ts'
import * as houseRules from '#compliance/retention/rules.ts'
import { runRule } from '#compliance/retention/run.ts'
import { unfinishedFiles } from '#compliance/retention/unfinished-files.ts'
import { DAY } from '#core/clock/clock.ts'
import { pruneLogs } from '#core/log/files.ts'
import { destroyKeys } from './keys.ts'
import { failLostMail, releaseHeldMail } from './mail.ts'

/**
 * The sweep: lets go what is past its time, rule by rule, in small batches, with a proof row for each run that did
 * something. Safe to run twice at once and to be killed: each batch stands for itself.
 */
export async function sweep(house: House, signal: AbortSignal): Promise<void> {
  const { db, keyring, clock, config } = house
  await rules.endPastDeadline(house)
  await releaseHeldMail(house)
  await failLostMail(house)
  for (const rule of [
    ...rules.studioRules(house),
    ...houseRules.houseRules(house),
    orphanKeys(house),
    unfinishedFiles(house.objects),
    orphanObjects(house),
  ]) {
    if (signal.aborted) return
    await runRule(house, rule, signal)
  }
  await rules.tellBeforeExpiry(house)
  await remindOfEndingKeys(house)
  pruneLogs(join(config.dataDir, 'logs'), config.keepLogDays * DAY, clock)
  await house.queue.prune(clock.now() - 14 * DAY)
  await keyring.pruneTally(clock.now() - 400 * DAY)
  await destroyKeys(house)
  await noteKeyringVersion(db, keyring, clock)
}
