import { apiEndpoint, json } from '#app/http/api.ts'
import { removeGeneration } from '#app/studio/generations/removal.ts'
import { idOf, shown } from './api-view.ts'

/** One video: how it stands, or away with it. */
const endpoint = apiEndpoint('/api/v1/generations/{id}', {
  methods: {
    GET: { scope: 'generations:read', work: async (call) => json(await shown(call, idOf(call))) },
    DELETE: {
      scope: 'generations:write',
      async work(call) {
        await removeGeneration(call.house, call.key.subject, idOf(call))
        return new Response(null, { status: 204 })
      },
    },
  },
})

// Named one by one: the build cuts exports out by name, and does not look into a pattern.
export const loader = endpoint.loader
export const action = endpoint.action
