import { paths } from '#app/paths.ts'
import { type Sentence, say } from '#core/i18n/say.ts'

/** The pages of the console, in the order and groups of its sidebar. Which of them a role sees is the server's to say. */
export const consolePlaces = {
  overview: { label: say('Overview'), to: paths.console(), group: 'first' },
  generations: { label: say('Generations'), to: paths.generations(), group: 'studio' },
  models: { label: say('Models'), to: paths.models(), group: 'studio' },
  providers: { label: say('Providers'), to: paths.providers(), group: 'studio' },
  people: { label: say('People'), to: paths.people(), group: 'studio' },
  promises: { label: say('Promises'), to: paths.promises(), group: 'house' },
  jobs: { label: say('Jobs'), to: paths.jobs(), group: 'house' },
  outbox: { label: say('Mail'), to: paths.outbox(), group: 'house' },
  audit: { label: say('Audit log'), to: paths.audit(), group: 'house' },
  settings: { label: say('Settings'), to: paths.settings(), group: 'house' },
} as const satisfies Record<string, { label: Sentence; to: string; group: 'first' | 'studio' | 'house' }>

export type ConsolePlace = keyof typeof consolePlaces
