import { layout, type RouteConfigEntry, route } from '@remix-run/route-config'

export const studio: RouteConfigEntry[] = [
  layout('routes/studio/layout.tsx', [
    route('studio', 'routes/studio/compose.tsx'),
    route('creations', 'routes/studio/creations.tsx'),
    route('creations/:id', 'routes/studio/creation.tsx'),
  ]),
  route('events', 'routes/studio/events.ts'),
  route('media/:id/:kind', 'routes/studio/media.ts'),
  route('references', 'routes/studio/references.ts'),
  route('references/:id', 'routes/studio/reference.ts'),
  route('references/:id/picture', 'routes/studio/reference-picture.ts'),
]
