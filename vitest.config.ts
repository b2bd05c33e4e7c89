import { defineConfig } from 'vitest/config'

/** Unit and integration tests. End-to-end tests and the S3 and image suites have their own configs beside them. */
export default defineConfig({
  oxc: { jsx: { runtime: 'automatic' } },
  test: {
    include: ['{app,bench,bin,compliance,core,jobs,docker,test}/**/*.test.{ts,tsx}'],
    exclude: ['test/e2e/**', 'test/slow/**', 'node_modules/**', 'build/**'],
    globalSetup: ['./test/global-setup.ts'],
    setupFiles: ['./test/setup.ts'],
    pool: 'threads',
    maxWorkers: 2,
    // Bounds against hanging, not measures: a shared machine may give a test a tenth of a processor.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 20_000 } },
    sequence: { shuffle: { tests: false } },
  },
} as never)
