import { config } from 'zod'

/**
 * zod tries `new Function` once to see whether it may compile its checks. Under our Content-Security-Policy the browser
 * refuses and reports it. Imported first of all in `root.tsx`, before any schema is made.
 */
config({ jitless: true })
