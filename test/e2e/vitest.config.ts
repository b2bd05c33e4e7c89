import { defineConfig } from 'vitest/config'

/** The built app, started as its users start it and driven in a real browser. `npm test` builds it before. */
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['*.e2e.ts'],
    globalSetup: ['./world.ts'],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
