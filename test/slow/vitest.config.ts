import { defineConfig } from 'vitest/config'

/** Suites that need more than the repository brings along: a real S3 server, a container engine. Each has its script. */
export default defineConfig({
  test: { root: import.meta.dirname, include: ['*.test.ts'], testTimeout: 120_000, hookTimeout: 240_000 },
})
