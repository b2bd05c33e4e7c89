import { index, type RouteConfigEntry, route } from '@remix-run/route-config'

export const console: RouteConfigEntry[] = [
  route('console', 'routes/console/layout.tsx', [
    index('routes/console/overview.tsx'),
    route('people', 'routes/console/people.tsx'),
    route('people/:id', 'routes/console/person.tsx'),
    route('generations', 'routes/console/generations.tsx'),
    route('generations/:id', 'routes/console/generation.tsx'),
    route('models', 'routes/console/models.tsx'),
    route('models/:id', 'routes/console/model.tsx'),
    route('add-model', 'routes/console/add-model.tsx'),
    route('providers', 'routes/console/providers.tsx'),
    route('providers/:id', 'routes/console/provider.tsx'),
    route('jobs', 'routes/console/jobs.tsx'),
    route('outbox', 'routes/console/outbox.tsx'),
    route('outbox/:id', 'routes/console/mail.tsx'),
    route('audit', 'routes/console/audit.tsx'),
    route('promises', 'routes/console/promises.tsx'),
    route('settings', 'routes/console/settings.tsx'),
  ]),
  route('console/generations/:id/video', 'routes/console/generation-video.ts'),
]
