import { apiEndpoint, json } from '#app/http/api.ts'
import { catalogue } from '#app/studio/catalogue/catalogue.ts'
import { modelView } from './schemas.ts'

/** What there is to make videos with, drawn from the catalogue's records. */
const endpoint = apiEndpoint('/api/v1/models', {
  methods: {
    GET: { scope: 'generations:read', work: async () => json({ data: catalogue.map(modelView) }) },
  },
})

// Named one by one: the build cuts exports out by name, and does not look into a pattern.
export const loader = endpoint.loader
export const action = endpoint.action
