import type { ReactNode } from 'react'
import type { Glyph } from '#app/components/ui/Icon.tsx'
import { Mark, type Tone } from '#app/components/ui/Tag.tsx'

/** A question as a person would ask it, the answer in a line, and what it means. */
export function Fact(props: {
  icon: Glyph
  tone: Tone
  question: string
  answer: string
  children: ReactNode
}) {
  return (
    <section className="flex gap-4 border-line border-b py-5 first:pt-0">
      <Mark icon={props.icon} tone={props.tone} />
      <div className="grid gap-1">
        <h2 className="text-ink-3 text-sm">{props.question}</h2>
        <p className="font-semibold text-md">{props.answer}</p>
        <p className="prose-measure text-ink-2 text-sm">{props.children}</p>
      </div>
    </section>
  )
}
