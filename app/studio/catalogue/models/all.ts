import type { ModelRecord } from '../record.ts'
import { storyboard } from './storyboard.ts'

/** What comes with Fairframe, in the order in which people see it. */
export const shipped: readonly ModelRecord[] = [storyboard]
