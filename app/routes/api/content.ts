import { apiEndpoint } from '#app/http/api.ts'
import { deliver } from '#app/studio/creations/delivery.ts'

/** The signed video itself, whole or by ranges. */
const endpoint = apiEndpoint('/api/v1/generations/{id}/content', {
  methods: {
    GET: {
      scope: 'generations:read',
      work: ({ house, context, key, params, request }) =>
        deliver({
          house,
          to: { subject: key.subject, actor: { kind: 'api_key', id: key.id, subject: key.subject } },
          id: params.id ?? '',
          kind: 'video',
          request,
          download: true,
          outlet: context.outlet,
        }),
    },
  },
})

// Named one by one: the build cuts exports out by name, and does not look into a pattern.
export const loader = endpoint.loader
export const action = endpoint.action
