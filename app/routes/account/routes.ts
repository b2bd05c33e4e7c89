import { layout, type RouteConfigEntry, route } from '@remix-run/route-config'

export const account: RouteConfigEntry[] = [
  layout('routes/account/layout.tsx', [
    route('account', 'routes/account/profile.tsx'),
    route('account/security', 'routes/account/security.tsx'),
    route('account/credits', 'routes/account/credits.tsx'),
    route('account/keys', 'routes/account/keys.tsx'),
  ]),
]
