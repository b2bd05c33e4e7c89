import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** The set-up link is used by the journey, and the others go on in the house that it leaves. */
class JourneyFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => (moduleId.endsWith('journey.e2e.ts') ? '' : moduleId)
    return [...files].sort((a, b) => (rank(a) < rank(b) ? -1 : 1))
  }
}

/** The built app, started as its users start it and driven in a real browser. `npm test` builds it before. */
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['*.e2e.ts'],
    globalSetup: ['./world.ts'],
    fileParallelism: false,
    sequence: { sequencer: JourneyFirst },
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
})
