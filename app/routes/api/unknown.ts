import { noEndpoint } from '#app/http/api.ts'

const endpoint = noEndpoint()

// Named one by one: the build cuts exports out by name, and does not look into a pattern.
export const loader = endpoint.loader
export const action = endpoint.action
