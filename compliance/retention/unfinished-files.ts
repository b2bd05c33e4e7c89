import { DAY } from '#core/clock/clock.ts'
import type { ObjectStore } from '#core/storage/object-store.ts'
import type { RetentionRule } from './run.ts'

/**
 * What a process that was killed left of files it was storing: halves on the disk, and on S3 parts of an upload, which are
 * billed. Other processes may be storing files now, so a start must spare the young ones too, and the sweep is enough.
 */
export function unfinishedFiles(objects: Pick<ObjectStore, 'sweepTemporary'>): RetentionRule {
  return {
    name: 'object.unfinished',
    async batch() {
      const deleted = await objects.sweepTemporary(DAY)
      return { considered: deleted, deleted }
    },
  }
}
