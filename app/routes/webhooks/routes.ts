import { type RouteConfigEntry, route } from '@remix-run/route-config'

/** Where providers knock. */
export const webhooks: RouteConfigEntry[] = [
  route('/webhooks/:provider/:attempt', 'routes/webhooks/provider.ts'),
]
