import { webhookEndpoint } from '#app/http/webhook.ts'
import { wake } from '#app/studio/generations/wake.ts'
import { isId } from '#core/ids/ids.ts'

/** A provider says that something happened to a job of ours. */
const endpoint = webhookEndpoint((house, { provider, attempt }, request) =>
  wake(house, { provider: provider ?? '', attempt: isId('attempt', attempt) ? attempt : undefined }, request),
)

// Named one by one: the build cuts exports out by name, and does not look into a pattern.
export const loader = endpoint
export const action = endpoint
