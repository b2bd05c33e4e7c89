import { useActionData, useLoaderData } from '@remix-run/react'
import { may } from '#app/accounts/permissions.ts'
import { titled } from '#app/components/account/titled.ts'
import { Generation } from '#app/components/console/Generation.tsx'
import { cancelSchema, revealPromptSchema, revealVideoSchema } from '#app/console/console.schema.ts'
import { cancelAsStaff, generationFacts, revealPrompt } from '#app/console/generations.ts'
import { revealVideo } from '#app/console/video.ts'
import { pageAction, pageLoader } from '#app/http/page.ts'
import { say } from '#core/i18n/say.ts'
import { staffActs } from './staff-acts.ts'

export { ConsoleError as ErrorBoundary } from '#app/components/console/ConsoleError.tsx'

export const meta = titled(say('Generation'), say('Console'))

export const loader = pageLoader({ staff: 'generations.read' }, async ({ house, who, params }) => {
  const { role } = who.actor
  return {
    facts: await generationFacts(house, params.id ?? ''),
    may: {
      reveal: may(role, 'generations.reveal'),
      cancel: may(role, 'generations.cancel'),
      person: may(role, 'people.read'),
    },
  }
})

const fieldErrors = { reason: say('Say why, in a few words.') }

export const action = staffActs('generations.read', {
  reveal_prompt: pageAction({
    guard: { staff: 'generations.reveal' },
    input: revealPromptSchema,
    keep: ['reason'],
    fieldErrors,
    act: async ({ house, who, params, input }) => ({
      prompt: await revealPrompt(house, who.actor, params.id ?? '', input.reason),
    }),
  }),
  reveal_video: pageAction({
    guard: { staff: 'generations.reveal' },
    input: revealVideoSchema,
    keep: ['reason'],
    fieldErrors,
    act: ({ house, who, params, input }) => revealVideo(house, who.actor, params.id ?? '', input.reason),
  }),
  cancel: pageAction({
    guard: { staff: 'generations.cancel' },
    input: cancelSchema,
    keep: ['reason'],
    fieldErrors,
    act: ({ house, who, params, input }) => cancelAsStaff(house, who.actor, params.id ?? '', input.reason),
  }),
})

export default function GenerationPage() {
  return <Generation {...useLoaderData<typeof loader>()} answer={useActionData<typeof action>()} />
}
