import { apiEndpoint, json } from '#app/http/api.ts'
import { referenceState } from '#app/studio/references/receive.ts'
import { referenceView } from './reference-view.ts'

/** How far a file is that was sent. */
const endpoint = apiEndpoint('/api/v1/references/{id}', {
  methods: {
    GET: {
      scope: 'generations:read',
      work: async ({ house, key, params }) =>
        json(referenceView(await referenceState(house, key.subject, params.id))),
    },
  },
})

// Named one by one: the build cuts exports out by name, and does not look into a pattern.
export const loader = endpoint.loader
export const action = endpoint.action
