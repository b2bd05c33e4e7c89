import { say } from '#core/i18n/say.ts'
import type { Kept } from './promise.ts'

/** What is deleted, and the backups. */
export const T7: Kept = {
  id: 'T7',
  sentence: say('What is deleted cannot be read from backups either.'),
  keptBy: say('A key for each thing, in a keyring apart; a journal of what a restore must not undo.'),
  /** Only a drill that restores a backup could show that it is kept. Until there is one, this is promised to nobody. */
  async check({ keyring, config }) {
    // A server that does not say which cluster it is proves nothing either way.
    const placement = await keyring.placement(config.database).catch(() => 'unknown' as const)
    return {
      state: 'not_made',
      evidence: {
        keyring: places[placement],
        missing:
          placement === 'same_cluster'
            ? 'a keyring on another server than the data (KEYRING_URL), for backups of this one hold deleted keys'
            : 'a drill that restores a backup and looks for what was deleted',
      },
    }
  },
}

const places = {
  apart: 'apart from the data',
  same_cluster: 'in the cluster of the data',
  unknown: 'the servers do not say where',
}
