/**
 * What prompts are blocked for, and the rules that find it. A rule never blocks for one ambiguous word: it asks for words of
 * several lists together, and steps back where a list of the opposite meaning is near. Rules are few and blunt on purpose;
 * what they cannot see is written in `prompt.ts`.
 */
import { type Sentence, say } from '#core/i18n/say.ts'
import type { ListName } from './terms.ts'

/**
 * What a rule looks for: a list of words, one of two things that no list can hold, or what is to be kept out of the picture
 * (`unwanted.ts`), which has no place in the prompt: rules with those look anywhere.
 */
export type Sign = ListName | 'minor_age' | 'person_name' | 'clothes_unwanted' | 'adults_unwanted'

export interface Rule {
  readonly id: string
  /** Each is found at least once; several signs in one entry are alternatives. */
  readonly all: readonly (readonly Sign[])[]
  /** From the first to the last of them, in words; absent: anywhere in the prompt, and then without `unless`. */
  readonly within?: number
  /** In the order of `all`. */
  readonly ordered?: true
  /** Between them stand only these words. */
  readonly between?: readonly string[]
  /** Not where one of this list stands within `reach` words of them (default 4). */
  readonly unless?: { readonly list: ListName; readonly reach?: number }
}

export interface Category {
  readonly action: 'block'
  /** What the person is told. */
  readonly reason: Sentence
  readonly rules: readonly Rule[]
}

const child: readonly Sign[] = ['minor', 'minor_age']

export const categories = {
  // 18 USC 1466A and 2256(8)(B), Directive 2011/93/EU Art. 5, EU AI Act Art. 5: also where no real child exists. No exception for
  // art or fiction is made here, for a rule cannot judge one; an appeal reaches a person.
  minor_sexual: {
    action: 'block',
    reason: say(
      'This prompt puts a child or somebody described as one into a sexual or nude scene. We never make that.',
    ),
    rules: [
      { id: 'named', all: [['minor_abuse']], unless: { list: 'public_debate', reach: 6 } },
      { id: 'act', all: [child, ['sexual']] },
      {
        id: 'crime',
        all: [child, ['sexual_crime']],
        within: 25,
        unless: { list: 'public_debate', reach: 8 },
      },
      { id: 'bare', all: [child, ['bare', 'alluring']], within: 6 },
      // Who wants no clothes asks for nudity, and who wants no adults for somebody who is none.
      { id: 'clothes_away', all: [['minor', 'minor_age', 'infant'], ['clothes_unwanted']] },
      { id: 'adults_away', all: [['adults_unwanted'], ['sexual', 'bare']] },
      { id: 'infant_act', all: [['infant'], ['sexual']], within: 4 },
      // A newborn is bare in every delivery room.
      {
        id: 'infant_bare',
        all: [['infant'], ['bare', 'alluring']],
        within: 3,
        unless: { list: 'infant_care', reach: 20 },
      },
    ],
  },
  // TAKE IT DOWN Act (47 USC 223(h)), Directive (EU) 2024/1385 Art. 5(1)(b): intimate images of an identifiable person without consent,
  // synthetic ones too.
  intimate_person: {
    action: 'block',
    reason: say(
      'This prompt asks for a nude or sexual picture of a real person. We do not make these, whoever it is.',
    ),
    rules: [
      { id: 'deception', all: [['intimate_deception']], unless: { list: 'public_debate', reach: 6 } },
      {
        id: 'known',
        all: [['real_person'], ['bare', 'sexual']],
        within: 6,
        unless: { list: 'public_debate', reach: 6 },
      },
      { id: 'clothes_away', all: [['real_person', 'person_name'], ['clothes_unwanted']] },
      {
        id: 'name_after',
        all: [['bare', 'sexual'], ['person_name']],
        ordered: true,
        within: 5,
        between: [
          'photo',
          'photos',
          'picture',
          'pictures',
          'image',
          'images',
          'video',
          'scene',
          'portrait',
          'selfie',
          'tape',
          'leaked',
          'of',
          'with',
        ],
      },
      {
        id: 'name_before',
        all: [['person_name'], ['bare', 'sexual']],
        ordered: true,
        within: 5,
        between: [
          'is',
          'being',
          'getting',
          'completely',
          'fully',
          'totally',
          'posing',
          'having',
          'and',
          'in',
          'a',
          's',
          'leaked',
          'ganz',
          'vollig',
        ],
      },
    ],
  },
  // 18 USC 842(p), 175, 229; Regulation (EU) 2019/1148 Art. 13 for explosives; Framework Decision 2008/913/JHA Art. 1(1)(a) for incitement.
  mass_violence: {
    action: 'block',
    reason: say(
      'This prompt asks for instructions for a weapon, or calls for violence against a group of people.',
    ),
    rules: [
      {
        id: 'instructions',
        all: [['instructing'], ['making'], ['weapon']],
        within: 8,
        unless: { list: 'not_a_weapon' },
      },
      {
        id: 'incitement',
        all: [['killing'], ['peoples']],
        ordered: true,
        within: 4,
        between: [
          'all',
          'every',
          'the',
          'those',
          'these',
          'alle',
          'die',
          'den',
          'tous',
          'les',
          'a',
          'los',
          'todos',
          'os',
          'tutti',
          'gli',
        ],
        unless: { list: 'history', reach: 12 },
      },
    ],
  },
  // Directive (EU) 2017/541 Art. 5 and Regulation (EU) 2021/784 Art. 2(7): soliciting, glorifying, inviting to join. Reporting is not meant.
  terrorism: {
    action: 'block',
    reason: say('This prompt praises terrorism or recruits for it.'),
    rules: [
      { id: 'praise', all: [['praising'], ['terror']], within: 6, unless: { list: 'opposing', reach: 6 } },
    ],
  },
  // UK Online Safety Act 2023 s. 62(3)-(4) and the Suicide Act 1961 s. 2: encouraging, or showing how. Speaking of it is not meant.
  self_harm: {
    action: 'block',
    reason: say(
      'This prompt encourages people to harm themselves or shows how. If it is about you: please talk to somebody today, a friend, a doctor or a crisis line.',
    ),
    rules: [
      { id: 'urging', all: [['urging'], ['self_harm']], within: 5, unless: { list: 'helping', reach: 8 } },
      { id: 'thinness', all: [['thinness']], unless: { list: 'helping', reach: 8 } },
    ],
  },
  // 18 USC 875(c), 2261A; German StGB 241 and 126a: a threat together with where to find its target.
  threat: {
    action: 'block',
    reason: say('This prompt threatens somebody and says where to find them.'),
    rules: [{ id: 'threat_and_place', all: [['threatening'], ['locating']], within: 30 }],
  },
} as const satisfies Record<string, Category>

export type CategoryId = keyof typeof categories
