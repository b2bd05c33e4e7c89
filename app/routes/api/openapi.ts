import type { House } from '#app/house.ts'
import { json, openEndpoint } from '#app/http/api.ts'
import type { ModelRecord } from '#app/studio/catalogue/record.ts'
import { apiDocument } from './document.ts'

async function offeredRecords({ catalogue }: House): Promise<ModelRecord[]> {
  return (await catalogue.models()).filter(({ offered }) => offered).map(({ record }) => record)
}

/** The API described for programs. Public: it says nothing that the documentation does not. */
const endpoint = openEndpoint('/api/v1/openapi.json', async ({ house }) =>
  json(apiDocument(house.config.appUrl, await offeredRecords(house)), {
    headers: { 'Cache-Control': 'public, max-age=300' },
  }),
)

// Named one by one: the build cuts exports out by name, and does not look into a pattern.
export const loader = endpoint.loader
export const action = endpoint.action
