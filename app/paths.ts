/**
 * Every link of the site. A page never writes a path: it calls one of these, and a test checks that each leads to a
 * route of `app/routes.ts`.
 */
const path = (base: string, query: Record<string, string | undefined> = {}) => {
  const set = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return set.length === 0 ? base : `${base}?${new URLSearchParams(set)}`
}

export const paths = {
  home: () => '/',
  webhook: (provider: string, attempt: string) => `/webhooks/${provider}/${attempt}`,
  record: (publicId: string) => `/v/${publicId}`,
  securityTxt: () => '/.well-known/security.txt',
  robotsTxt: () => '/robots.txt',
  certificate: () => '/.well-known/fairframe-provenance.pem',

  signUp: () => '/sign-up',
  signIn: (to?: string) => path('/sign-in', { to }),
  signOut: () => '/sign-out',
  checkMail: () => '/check-mail',
  verifyEmail: (token: string) => path('/verify-email', { token }),
  forgotPassword: () => '/forgot-password',
  resetPassword: (token: string) => path('/reset-password', { token }),
  setUp: (token: string) => path('/set-up', { token }),
  theme: () => '/theme',

  compose: (query: { from?: string; continue?: string; model?: string } = {}) => path('/studio', query),
  events: () => '/events',
  references: (query: { kind?: 'clip' | 'sound' } = {}) => path('/references', query),
  reference: (id: string) => `/references/${id}`,
  referencePicture: (id: string) => `/references/${id}/picture`,
  creations: (query: { before?: string } = {}) => path('/creations', query),
  creation: (id: string) => `/creations/${id}`,
  media: (id: string, kind: 'video' | 'poster' | 'preview', download = false) =>
    path(`/media/${id}/${kind}`, download ? { download: '1' } : {}),

  account: () => '/account',
  security: () => '/account/security',
  credits: (query: { before?: string } = {}) => path('/account/credits', query),
  keys: () => '/account/keys',

  console: () => '/console',
  people: () => '/console/people',
  person: (id: string) => `/console/people/${id}`,
  generations: (query: { before?: string; state?: string; subject?: string } = {}) =>
    path('/console/generations', query),
  generation: (id: string) => `/console/generations/${id}`,
  models: () => '/console/models',
  model: (id: string) => `/console/models/${id}`,
  addModel: () => '/console/add-model',
  providers: () => '/console/providers',
  provider: (id: string) => `/console/providers/${id}`,
  /** The video for staff who have just said why they look. */
  generationVideo: (id: string) => `/console/generations/${id}/video`,
  jobs: () => '/console/jobs',
  outbox: (query: { before?: string; state?: string; kind?: string } = {}) => path('/console/outbox', query),
  mail: (id: string) => `/console/outbox/${id}`,
  audit: (query: { before?: string; act?: string; target?: string; actor?: string } = {}) =>
    path('/console/audit', query),
  promises: () => '/console/promises',
  settings: () => '/console/settings',

  apiReference: (id: string) => `/api/v1/references/${id}`,
  apiGenerations: () => '/api/v1/generations',
  apiGeneration: (id: string) => `/api/v1/generations/${id}`,
  /** The finished video, by the key that asks. */
  apiContent: (id: string) => `/api/v1/generations/${id}/content`,
  apiModels: () => '/api/v1/models',
  apiCredits: () => '/api/v1/credits',
  apiReferences: () => '/api/v1/references',
  openaiVideos: () => '/v1/videos',
  openaiVideo: (id: string) => `/v1/videos/${id}`,
  openaiContent: (id: string) => `/v1/videos/${id}/content`,
  apiDocument: () => '/api/v1/openapi.json',
} as const
