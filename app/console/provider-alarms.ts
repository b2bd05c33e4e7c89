import type { House } from '#app/house.ts'
import { driftAlarms } from '#app/studio/providers/readings.ts'
import * as queries from './providers.queries.ts'
import { gapsIn } from './register.ts'

/** What is wrong with a provider that only an operator mends, for the overview and the sidebar. */
export interface ProviderAlarm {
  kind: 'key' | 'out_of_credit' | 'drift' | 'register'
  provider: string
  title: string
}

export async function providerAlarms(house: House): Promise<ProviderAlarm[]> {
  const { db, catalogue } = house
  const connected = (await queries.connections(db.read)).filter((row) => row.is_on)
  if (connected.length === 0) return []
  const [models, processors, faults, drifts] = await Promise.all([
    catalogue.models(),
    queries.processors(db.read),
    queries.plainFaults(db.read),
    driftAlarms(house),
  ])
  const faultsAt = (provider: string, fault: string) =>
    models.some(({ record: { id }, routes }) =>
      routes.some(
        (route) =>
          route.record.provider === provider &&
          faults.some((one) => one.model === id && one.route === route.record.id && one.fault === fault),
      ),
    )
  const isUsed = (provider: string) =>
    models.some(({ routes }) => routes.some((route) => route.isOn && route.record.provider === provider))
  return connected.flatMap(({ id, title, test_error }): ProviderAlarm[] => {
    const kinds: (ProviderAlarm['kind'] | false)[] = [
      (test_error === 'provider_auth' || faultsAt(id, 'provider_auth')) && 'key',
      (test_error === 'provider_out_of_credit' || faultsAt(id, 'provider_out_of_credit')) && 'out_of_credit',
      drifts.some(({ provider }) => provider === id) && 'drift',
      gapsIn(processors.find((row) => row.id === id)).length > 0 && isUsed(id) && 'register',
    ]
    return kinds.flatMap((kind) => (kind ? [{ kind, provider: id, title }] : []))
  })
}
