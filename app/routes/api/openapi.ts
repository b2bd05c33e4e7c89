import { json, openEndpoint } from '#app/http/api.ts'
import { apiDocument } from './document.ts'

/** The API described for programs. Public: it says nothing that the documentation does not. */
const endpoint = openEndpoint('/api/v1/openapi.json', async ({ house }) =>
  json(apiDocument(house.config.appUrl), { headers: { 'Cache-Control': 'public, max-age=300' } }),
)

// Named one by one: the build cuts exports out by name, and does not look into a pattern.
export const loader = endpoint.loader
export const action = endpoint.action
