import type { ModelRecord } from './record.ts'
import { storyboard } from './storyboard.ts'

/** The models of this installation. */
export const catalogue: readonly ModelRecord[] = [storyboard]

export function modelOf(id: string): ModelRecord | undefined {
  return catalogue.find((model) => model.id === id)
}
