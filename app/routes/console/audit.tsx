import { useActionData, useLoaderData } from '@remix-run/react'
import { may } from '#app/accounts/permissions.ts'
import { titled } from '#app/components/account/titled.ts'
import { AuditLog } from '#app/components/console/AuditLog.tsx'
import { revealNoteSchema, verifySchema } from '#app/console/console.schema.ts'
import { readLog, revealNote, verifyLog } from '#app/console/log.ts'
import { pageAction, pageLoader } from '#app/http/page.ts'
import { auditActs } from '#compliance/records/audit.ts'
import { say } from '#core/i18n/say.ts'
import { staffActs } from './staff-acts.ts'

export { ConsoleError as ErrorBoundary } from '#app/components/console/ConsoleError.tsx'

export const meta = titled(say('Audit log'), say('Console'))

export const loader = pageLoader({ staff: 'audit.read' }, async ({ house, who, url }) => {
  const asked = (name: string) => url.searchParams.get(name)?.trim() || undefined
  const filter = {
    before: asked('before'),
    act: asked('act'),
    actor: asked('actor'),
    target: asked('target'),
  }
  const { role } = who.actor
  return {
    ...(await readLog(house, filter)),
    filter,
    acts: auditActs,
    may: { verify: may(role, 'audit.verify'), reveal: may(role, 'audit.reveal') },
  }
})

export const action = staffActs('audit.read', {
  verify: pageAction({
    guard: { staff: 'audit.verify' },
    input: verifySchema,
    act: ({ house, who }) => verifyLog(house, who.actor),
  }),
  reveal_note: pageAction({
    guard: { staff: 'audit.reveal' },
    input: revealNoteSchema,
    keep: ['reason'],
    fieldErrors: {
      reason: say('Say why, in a few words.'),
      seq: say('Choose in the table whose reason you want to read.'),
    },
    act: async ({ house, who, input }) => ({
      seq: input.seq,
      note: await revealNote(house, who.actor, input.seq, input.reason),
    }),
  }),
})

export default function AuditPage() {
  return <AuditLog {...useLoaderData<typeof loader>()} answer={useActionData<typeof action>()} />
}
