import { type RouteConfigEntry, route } from '@remix-run/route-config'

/** The API for programs. What each address takes and answers stands in `document.ts`; a test compares the two. */
export const api: RouteConfigEntry[] = [
  route('/api/v1/generations', 'routes/api/generations.ts'),
  route('/api/v1/generations/:id', 'routes/api/generation.ts'),
  route('/api/v1/generations/:id/content', 'routes/api/content.ts'),
  route('/api/v1/references', 'routes/api/references.ts'),
  route('/api/v1/references/:id', 'routes/api/reference.ts'),
  route('/api/v1/models', 'routes/api/models.ts'),
  route('/api/v1/credits', 'routes/api/credits.ts'),
  route('/api/v1/openapi.json', 'routes/api/openapi.ts'),
  route('/api/*', 'routes/api/unknown.ts'),
]
