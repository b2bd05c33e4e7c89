import { balanceOf } from '#app/billing/ledger/ledger.ts'
import { apiEndpoint, json } from '#app/http/api.ts'

/** How many credits the key's owner has. */
const endpoint = apiEndpoint('/api/v1/credits', {
  methods: {
    GET: {
      scope: 'generations:read',
      work: async ({ house, key }) => json(await balanceOf(house.db.read, key.subject)),
    },
  },
})

// Named one by one: the build cuts exports out by name, and does not look into a pattern.
export const loader = endpoint.loader
export const action = endpoint.action
