import { defineConfig } from 'vitest/config'

/** Suites that need more than the repository brings along: a real S3 server. */
export default defineConfig({
  test: { root: import.meta.dirname, include: ['*.test.ts'], testTimeout: 120_000, hookTimeout: 120_000 },
})
