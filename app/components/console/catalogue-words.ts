import type { Tone } from '#app/components/ui/Tag.tsx'
import type { ModelRow, RouteView } from '#app/console/catalogue.ts'
import type { ProviderAlarm } from '#app/console/provider-alarms.ts'
import type { ProviderRow } from '#app/console/providers.ts'
import type { RegisterGap } from '#app/console/register.ts'
import { useI18n } from '#app/i18n/I18n.tsx'
import { type Sentence, say } from '#core/i18n/say.ts'

/** The console's words for providers, models and routes. */
interface Word {
  word: Sentence
  tone: Tone
}

export const providerStates: Readonly<Record<ProviderRow['state'], Word>> = {
  built_in: { word: say('built in'), tone: 'good' },
  on: { word: say('on'), tone: 'good' },
  off: { word: say('off'), tone: 'plain' },
  not_connected: { word: say('not connected'), tone: 'plain' },
}

export const gapWords: Readonly<Record<RegisterGap, Sentence>> = {
  entry: say('Nobody has confirmed it yet.'),
  safeguard: say('The safeguard for the transfer is missing.'),
  name: say('The company’s name in law is missing.'),
  country: say('The country is missing.'),
  agreement_on: say('The date of the agreement is missing.'),
  keeps_says: say('What it keeps is missing.'),
}

export const safeguardWords: Readonly<Record<string, Sentence>> = {
  own_machine: say('Our own machine: nobody receives anything'),
  adequacy: say('Adequacy decision (GDPR Art. 45)'),
  standard_clauses: say('Standard contractual clauses (GDPR Art. 46)'),
  explicit_consent: say('Explicit consent of each person (GDPR Art. 49)'),
}

export const trainsWords: Readonly<Record<string, Sentence>> = {
  unknown: say('It does not say'),
  yes: say('It may train on it'),
  no: say('It does not train on it'),
}

export const deletesWords: Readonly<Record<string, Sentence>> = {
  nothing: say('Nothing'),
  partly: say('A part'),
  everything: say('Everything'),
}

/** Settings of drivers by their names; one without a word is shown by its name. */
export const settingWords: Readonly<Record<string, { label: Sentence; help?: Sentence }>> = {
  microUsdPerCredit: {
    label: say('What one of its credits costs'),
    help: say('In millionths of a US dollar. 5000 is half a cent.'),
  },
  keepSeconds: {
    label: say('How long it keeps files, in seconds'),
    help: say('The shortest that a slow job still fits into.'),
  },
  keepHistory: { label: say('Keep prompts and answers in its own history') },
  location: { label: say('Location'), help: say('Where the model runs.') },
  project: { label: say('Project'), help: say('The one of the key when it is empty.') },
  style: { label: say('Kind of server') },
  durationField: { label: say('How it is told the length') },
  sizeMode: { label: say('How it is told the size') },
  headers: {
    label: say('Headers'),
    help: say('One a line, Name: value. Values are not shown again; dots keep the value that is there.'),
  },
  resultHosts: {
    label: say('Other hosts that results may come from'),
    help: say('One a line; *.example.org for all below.'),
  },
}

export const hiddenWords: Readonly<Record<NonNullable<ModelRow['hidden']>, Word & { says: Sentence }>> = {
  off: { word: say('off'), tone: 'plain', says: say('It is switched off.') },
  retired: { word: say('retired'), tone: 'bad', says: say('Its last day is over, or it was retired.') },
  paused: { word: say('paused'), tone: 'warn', says: say('It is paused.') },
  no_route: {
    word: say('no route'),
    tone: 'warn',
    says: say('None of its routes can be used: each one below says why.'),
  },
  unreadable: {
    word: say('unreadable'),
    tone: 'bad',
    says: say('Its record does not fit this version any more.'),
  },
}

export const lifecycleWords: Readonly<Record<string, Word>> = {
  active: { word: say('active'), tone: 'good' },
  deprecated: { word: say('ends soon'), tone: 'warn' },
  paused: { word: say('paused'), tone: 'warn' },
  retired: { word: say('retired'), tone: 'bad' },
}

export const unusableWords: Readonly<Record<NonNullable<RouteView['unusable']>, Sentence>> = {
  off: say('This route is switched off.'),
  not_connected: say('The provider is not connected.'),
  connection_off: say('The provider is switched off.'),
  no_key: say('The provider has no key.'),
  processor_incomplete: say('The provider’s register entry is not complete.'),
}

export const alarmWords: Readonly<Record<ProviderAlarm['kind'], { title: Sentence; note: Sentence }>> = {
  key: {
    title: say('{provider} refuses the key'),
    note: say('Its models cannot be made there until a new one is pasted.'),
  },
  out_of_credit: {
    title: say('The account at {provider} is empty'),
    note: say('Its models cannot be made there until it is topped up.'),
  },
  drift: {
    title: say('{provider} took another sum than we counted'),
    note: say('A cost rule may be out of date, or somebody else uses the key.'),
  },
  register: {
    title: say('The register entry of {provider} is not complete'),
    note: say('Nothing is sent there until it is, though routes to it are on.'),
  },
}

export const offerWords: Readonly<Record<string, Word>> = {
  new: { word: say('new'), tone: 'accent' },
  gone: { word: say('gone'), tone: 'bad' },
  price: { word: say('other price'), tone: 'warn' },
}

/** Millionths of a US dollar as people read them; small sums with as many places as they need. */
export function useDollars(): (microUsd: number) => string {
  const { number } = useI18n()
  return (microUsd) => {
    const usd = microUsd / 1e6
    const most = Math.abs(usd) < 1 ? 4 : 2
    return number(usd, {
      style: 'currency',
      currency: 'USD',
      currencyDisplay: 'narrowSymbol',
      minimumFractionDigits: 2,
      maximumFractionDigits: most,
    })
  }
}
