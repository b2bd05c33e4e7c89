import { afterEach, beforeEach, expect, vi } from 'vitest'

/** Output that nobody expected is a fault: a test that wants it says so with `expectConsole()`. */
let allowed = false
export function expectConsole(): void {
  allowed = true
}

const spies = { error: vi.spyOn(console, 'error'), warn: vi.spyOn(console, 'warn') }

beforeEach(() => {
  allowed = false
  spies.error.mockClear()
  spies.warn.mockClear()
})

afterEach(() => {
  if (allowed) return
  expect(spies.error.mock.calls, 'console.error in a test that does not expect it').toEqual([])
  expect(spies.warn.mock.calls, 'console.warn in a test that does not expect it').toEqual([])
})
