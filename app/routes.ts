import type { RouteConfig } from '@remix-run/route-config'
import { account } from './routes/account/routes.ts'
import { api } from './routes/api/routes.ts'
import { auth } from './routes/auth/routes.ts'
import { console } from './routes/console/routes.ts'
import { open } from './routes/public/routes.ts'
import { studio } from './routes/studio/routes.ts'
import { v1 } from './routes/v1/routes.ts'
import { webhooks } from './routes/webhooks/routes.ts'

/** The map of the site, in sections. Paths stand in the sections' lists and in `app/paths.ts`, and nowhere else. */
export default [
  ...open,
  ...auth,
  ...studio,
  ...account,
  ...console,
  ...api,
  ...v1,
  ...webhooks,
] satisfies RouteConfig
