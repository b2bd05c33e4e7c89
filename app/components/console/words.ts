import type { Tone } from '#app/components/ui/Tag.tsx'
import type { MailStatus, Role, SubjectStatus } from '#core/db/schema/accounts.ts'
import type { GenerationState } from '#core/db/schema/studio.ts'
import { type Sentence, say } from '#core/i18n/say.ts'

/** The console's words for states and roles, each with the tone that repeats it. */
interface Word {
  word: Sentence
  tone: Tone
}

export const roleWords: Readonly<Record<Role, Sentence>> = {
  person: say('Person'),
  owner: say('Owner'),
  privacy_officer: say('Privacy officer'),
  moderator: say('Moderator'),
  support: say('Support'),
  auditor: say('Auditor'),
}

export const statusWords: Readonly<Record<SubjectStatus, Word>> = {
  unverified: { word: say('address not confirmed'), tone: 'plain' },
  active: { word: say('active'), tone: 'good' },
  suspended: { word: say('suspended'), tone: 'bad' },
  deleted: { word: say('deleted'), tone: 'plain' },
}

export const generationWords: Readonly<Record<GenerationState, Word>> = {
  held: { word: say('credits set aside'), tone: 'plain' },
  queued: { word: say('waiting'), tone: 'plain' },
  submitted: { word: say('handed over'), tone: 'accent' },
  rendering: { word: say('being made'), tone: 'accent' },
  finishing: { word: say('being finished'), tone: 'accent' },
  ready: { word: say('ready'), tone: 'good' },
  blocked: { word: say('blocked'), tone: 'bad' },
  failed: { word: say('failed'), tone: 'bad' },
  cancelled: { word: say('cancelled'), tone: 'plain' },
  expired: { word: say('expired'), tone: 'plain' },
  removed: { word: say('removed'), tone: 'plain' },
}

export const mailWords: Readonly<Record<MailStatus, Word>> = {
  waiting: { word: say('on its way'), tone: 'accent' },
  sent: { word: say('delivered'), tone: 'good' },
  held: { word: say('waits here'), tone: 'warn' },
  failed: { word: say('failed'), tone: 'bad' },
}

/** Kinds of mail by their names in the code; a new one is shown by its name until it has a word. */
export const mailKinds: Readonly<Record<string, Sentence>> = {
  verify_email: say('Confirm the address'),
  address_taken: say('Account exists already'),
  reset_password: say('New password'),
  password_changed: say('Password was changed'),
  expiring: say('Videos go soon'),
  api_key_ending: say('API key ends soon'),
}

export const queueWords: Readonly<Record<string, Sentence>> = {
  'generation.run': say('Making videos'),
  'generation.admit': say('Choosing who goes next'),
  'generation.watch': say('Asking providers'),
  'provider.tidy': say('Deleting at providers'),
  'providers.read': say('Reading balances and offers'),
  'reference.accept': say('Preparing files that were given'),
  'mail.send': say('Sending mail'),
  'keys.destroy': say('Destroying keys'),
  'objects.delete': say('Deleting files'),
  'retention.sweep': say('Letting old data go'),
  'promises.check': say('Checking promises'),
  'audit.checkpoint': say('Signing the audit log'),
}
