import type { ProviderRecord } from './provider-record.ts'

/** Works in the worker itself: nobody connects to it, and nobody receives anything. */
export const builtin: ProviderRecord = {
  id: 'builtin',
  driver: 'builtin',
  title: 'Built-in renderer',
  processor: { name: '', country: '', safeguard: 'own_machine' },
  keeps: {
    says: 'Nothing leaves this server.',
    days: 0,
    trains: 'no',
    deletes: 'everything',
  },
  limits: { submitsPer10s: 1000, pollsPerSecond: 1000, inFlight: 100_000 },
}
