import { apiEndpoint, json } from '#app/http/api.ts'
import { siteSettings } from '#app/settings.ts'
import { modelView } from './schemas.ts'

/** What there is to make videos with, drawn from the catalogue's records. */
const endpoint = apiEndpoint('/api/v1/models', {
  methods: {
    GET: {
      scope: 'generations:read',
      work: async ({ house }) => {
        const { credit_micro_usd } = await siteSettings(house.db.read)
        const models = await house.catalogue.models()
        // What nobody switched on is nobody's business; what is retired stays, for its replacement is named there.
        const known = models.filter(({ offered, hidden }) => offered || hidden === 'retired')
        return json({ data: known.map((model) => modelView(model, credit_micro_usd)) })
      },
    },
  },
})

// Named one by one: the build cuts exports out by name, and does not look into a pattern.
export const loader = endpoint.loader
export const action = endpoint.action
