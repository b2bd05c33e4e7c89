/** The table of `precedence.ts`: what each duty forbids, and what becomes of a thing, its readers and its person where two meet. */
import { type Sentence, say } from '#core/i18n/say.ts'

/** Strongest first. `appeal` is any open appeal or counter-notice; `sweep` says that a schedule's time is over. */
export const dutyKinds = [
  'legal_preservation',
  'hold',
  'restriction',
  'appeal',
  'kept_by_law',
  'erasure',
  'sweep',
] as const
export type DutyKind = (typeof dutyKinds)[number]

export const acts = ['sweep', 'erase', 'read', 'use', 'export'] as const
/** `sweep`: delete by schedule; `erase`: on request; `use`: show, share or process it; `export`: give it to its person. */
export type Act = (typeof acts)[number]

/**
 * `public`: those it is shared with; `person`: whose it is; `staff`: whose task needs it; `officer`: privacy; `counsel`: who
 * runs the hold; `reviewer`: who decides the appeal; `finance`: who keeps the books; `custodian`: two people together.
 */
export type Reader =
  | 'public'
  | 'person'
  | 'staff'
  | 'officer'
  | 'counsel'
  | 'reviewer'
  | 'finance'
  | 'custodian'

export const everybody: readonly Reader[] = [
  'public',
  'person',
  'staff',
  'officer',
  'counsel',
  'reviewer',
  'finance',
]

interface Rule {
  /** What it forbids while it binds. Reading is not forbidden but narrowed, by the readers of a cell. */
  readonly forbids: readonly Act[]
  /** Whom the duty exists for: no other duty takes it from them. */
  readonly owed: readonly Reader[]
  /** Only an authority's business can be kept from the person; what they asked for, or may contest, cannot. */
  readonly maySecret: boolean
}

export const rules: { readonly [K in DutyKind]: Rule } = {
  legal_preservation: { forbids: ['sweep', 'erase', 'use', 'export'], owed: ['custodian'], maySecret: true },
  // A hold stops deletion and nothing else: the person goes on reading, using and exporting what is theirs.
  hold: { forbids: ['sweep', 'erase'], owed: ['counsel'], maySecret: true },
  restriction: { forbids: ['sweep', 'erase', 'use'], owed: ['person', 'officer'], maySecret: false },
  appeal: { forbids: ['sweep', 'erase', 'use'], owed: ['reviewer'], maySecret: false },
  kept_by_law: { forbids: ['sweep', 'erase'], owed: ['finance'], maySecret: false },
  // Until it is carried out the person may still export, or change their mind; nobody uses it meanwhile.
  erasure: { forbids: ['use'], owed: ['person'], maySecret: false },
  sweep: { forbids: ['use'], owed: [], maySecret: false },
}

/** How a thing is kept: sealed away; locked (stored, unused); as it was; or only until the deletion reaches it. */
export type Kept = 'sealed' | 'locked' | 'as_it_was' | 'going'

export interface Cell {
  readonly kept: Kept
  readonly readers: readonly Reader[]
  /** What the person is told when something was not done because of these two. Until when is told beside it. */
  readonly told: Sentence
}

/** Each kind meets itself and every weaker kind: a missing cell does not compile. */
interface Meets {
  legal_preservation: DutyKind
  hold: Exclude<DutyKind, 'legal_preservation'>
  restriction: 'restriction' | 'appeal' | 'kept_by_law' | 'erasure' | 'sweep'
  appeal: 'appeal' | 'kept_by_law' | 'erasure' | 'sweep'
  kept_by_law: 'kept_by_law' | 'erasure' | 'sweep'
  erasure: 'erasure' | 'sweep'
  sweep: 'sweep'
}

const cell = (kept: Kept, readers: readonly Reader[], told: Sentence): Cell => ({ kept, readers, told })
const sealed = say(
  'The law requires us to keep this sealed. Two responsible people can open it, only together.',
)
const going = say('You asked us to delete this. It is about to be deleted and nobody uses it any more.')

export const cells: { readonly [K in DutyKind]: { readonly [W in Meets[K]]: Cell } } = {
  legal_preservation: {
    legal_preservation: cell('sealed', ['custodian'], sealed),
    hold: cell('sealed', ['custodian'], sealed),
    restriction: cell('sealed', ['custodian'], sealed),
    appeal: cell(
      'sealed',
      ['custodian'],
      say('The law requires us to keep this sealed. Your appeal is decided from the record of the decision.'),
    ),
    kept_by_law: cell('sealed', ['custodian'], sealed),
    erasure: cell(
      'sealed',
      ['custodian'],
      say(
        'You asked us to delete this. The law requires us to keep it sealed for a time, and it is deleted after that.',
      ),
    ),
    sweep: cell('sealed', ['custodian'], sealed),
  },
  hold: {
    hold: cell(
      'as_it_was',
      everybody,
      say('We have to keep this for a legal matter. Nothing else about it changes.'),
    ),
    restriction: cell(
      'locked',
      ['person', 'officer', 'counsel'],
      say('Nobody uses this, as you asked. We also have to keep it for a legal matter.'),
    ),
    appeal: cell(
      'locked',
      ['person', 'officer', 'counsel', 'reviewer'],
      say('We have to keep this for a legal matter and until the appeal is decided.'),
    ),
    kept_by_law: cell(
      'as_it_was',
      ['person', 'staff', 'officer', 'counsel', 'finance'],
      say('A law and a legal matter require us to keep this.'),
    ),
    erasure: cell(
      'locked',
      ['person', 'officer', 'counsel'],
      say(
        'You asked us to delete this. We have to keep it for a legal matter; nobody uses it meanwhile, and it is deleted after that.',
      ),
    ),
    sweep: cell(
      'locked',
      ['person', 'officer', 'counsel'],
      say(
        'The time we keep this for is over, but we have to keep it for a legal matter. Nobody uses it meanwhile.',
      ),
    ),
  },
  restriction: {
    restriction: cell(
      'locked',
      ['person', 'officer'],
      say(
        'The use of this is restricted. We store it, and neither use nor delete it until the restriction ends.',
      ),
    ),
    appeal: cell(
      'locked',
      ['person', 'officer', 'reviewer'],
      say(
        'The use of this is restricted, and an appeal about it is open. We store it until both have ended.',
      ),
    ),
    kept_by_law: cell(
      'locked',
      ['person', 'officer', 'finance'],
      say('The use of this is restricted, and a law requires us to keep it. We store it and do not use it.'),
    ),
    erasure: cell(
      'locked',
      ['person', 'officer'],
      say(
        'The use of this is restricted, so we store it unused. It is deleted, as you asked, when the restriction is lifted.',
      ),
    ),
    sweep: cell(
      'locked',
      ['person', 'officer'],
      say(
        'The time we keep this for is over, but its use is restricted. We store it unused until the restriction ends.',
      ),
    ),
  },
  appeal: {
    appeal: cell(
      'locked',
      ['person', 'officer', 'reviewer'],
      say('We keep this, unused, until the appeal or counter-notice is decided.'),
    ),
    kept_by_law: cell(
      'locked',
      ['person', 'officer', 'reviewer', 'finance'],
      say(
        'We keep this, unused, until the appeal or counter-notice is decided, and for as long as a law requires.',
      ),
    ),
    erasure: cell(
      'locked',
      ['person', 'officer', 'reviewer'],
      say(
        'We keep this, unused, until the appeal or counter-notice is decided. Then it is deleted, as you asked.',
      ),
    ),
    sweep: cell(
      'locked',
      ['person', 'officer', 'reviewer'],
      say(
        'The time we keep this for is over. We keep it, unused, until the appeal or counter-notice is decided.',
      ),
    ),
  },
  kept_by_law: {
    kept_by_law: cell(
      'as_it_was',
      ['person', 'staff', 'officer', 'finance'],
      say('A law requires us to keep this.'),
    ),
    erasure: cell(
      'locked',
      ['person', 'officer', 'finance'],
      say(
        'A law requires us to keep this part. Nobody uses it for anything else, and it is deleted after that.',
      ),
    ),
    sweep: cell(
      'locked',
      ['person', 'officer', 'finance'],
      say('A law requires us to keep this longer than we would. Nobody uses it for anything else.'),
    ),
  },
  erasure: {
    erasure: cell('going', ['person', 'officer'], going),
    sweep: cell('going', ['person', 'officer'], going),
  },
  sweep: {
    sweep: cell(
      'going',
      ['person', 'officer'],
      say('The time we keep this for is over. It is about to be deleted and nobody uses it any more.'),
    ),
  },
}
