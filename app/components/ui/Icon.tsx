import type Check from 'lucide-react/icons/check'
import { classes } from './classes.ts'

/** One glyph of lucide, imported by itself: `import Check from 'lucide-react/icons/check'`. */
export type Glyph = typeof Check

/** Never says anything to a screen reader: the word goes beside it or on its button. */
export function Icon({ of: Drawn, size = 16, className }: { of: Glyph; size?: number; className?: string }) {
  return <Drawn size={size} strokeWidth={1.7} className={classes('shrink-0', className)} aria-hidden />
}
