/**
 * What these pin: evidence that a sweep removed while a hold was on; a person erased in spite of a law; an erasure that a
 * hold's end date hid; a gagged order that showed in a plan's date or wording; an expired hold that went on blocking;
 * an answer that depends on the order in which rows came.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DAY } from '#core/clock/clock.ts'
import { acts, cells, type DutyKind, dutyKinds, rules } from './precedence.cells.ts'
import { type Duty, decide, meeting } from './precedence.ts'

const now = Date.UTC(2026, 10, 21)

function duty(kind: DutyKind, more: Partial<Duty> = {}): Duty {
  return { kind, ground: `ground of ${kind}`, since: now - DAY, ...more }
}

const secret = { until: now + 90 * DAY, ground: '18 USC 2705(b)', approver: 'sub_officer' }

test('the order is the one that was promised', () => {
  expect(dutyKinds).toEqual([
    'legal_preservation',
    'hold',
    'restriction',
    'appeal',
    'kept_by_law',
    'erasure',
    'sweep',
  ])
})

const pairs = dutyKinds.flatMap((a, i) => dutyKinds.slice(i).map((b) => [a, b] as const))

test('every kind meets itself and every other', () => {
  expect(pairs).toHaveLength(28)
  const filled = Object.entries(cells).flatMap(([a, row]) => Object.keys(row).map((b) => `${a}+${b}`))
  expect(filled.sort()).toEqual(pairs.map(([a, b]) => `${a}+${b}`).sort())
})

test.each(pairs)('%s meets %s: the stronger decides, whichever comes first', (strong, weak) => {
  const cell = meeting(strong, weak)
  expect(meeting(weak, strong)).toBe(cell)
  const forbids = (act: (typeof acts)[number]) =>
    rules[strong].forbids.includes(act) || rules[weak].forbids.includes(act)
  for (const act of acts) {
    const decision = decide([duty(weak), duty(strong)], act, now)
    expect(decision.readers, act).toEqual(expect.arrayContaining([...cell.readers]))
    expect(decision.readers, act).toHaveLength(cell.readers.length)
    expect(decision.may, act).toBe(!forbids(act))
    if (forbids(act)) {
      const first = rules[strong].forbids.includes(act) ? strong : weak
      expect(decision.keptBy?.kind, act).toBe(first)
      expect(decision.told, act).toEqual(meeting(first, weak).told)
    }
  }
  // How it is kept says the same as what is forbidden, and whom the duty exists for may read.
  const locked = forbids('use') ? 'locked' : 'as_it_was'
  expect(cell.kept).toBe(strong === 'legal_preservation' ? 'sealed' : forbids('erase') ? locked : 'going')
  expect(cell.readers).toEqual(expect.arrayContaining([...rules[strong].owed]))
  expect(cell.told.text).toMatch(/^[A-Z].+\.$/)
})

test('a deletion goes on where only a schedule or the person themselves asks for it', () => {
  for (const act of ['erase', 'sweep'] as const) {
    expect(decide([duty('sweep'), duty('erasure')], act, now)).toMatchObject({ may: true, told: undefined })
    for (const kind of dutyKinds.slice(0, 5)) {
      expect(decide([duty('sweep'), duty('erasure'), duty(kind)], act, now).keptBy?.kind).toBe(kind)
    }
  }
})

test('without duties everything may, and everybody who could read still can', () => {
  for (const act of acts)
    expect(decide([], act, now)).toMatchObject({ may: true, told: undefined, shown: { may: true } })
  expect(decide([], 'read', now).readers).toContain('public')
})

test('a hold leaves the person their thing; a restriction leaves it to them alone; preservation to nobody they know', () => {
  expect(decide([duty('hold')], 'use', now).may).toBe(true)
  expect(decide([duty('hold')], 'export', now).may).toBe(true)
  expect(decide([duty('restriction')], 'use', now).may).toBe(false)
  expect(decide([duty('restriction')], 'export', now).may).toBe(true)
  expect(decide([duty('restriction')], 'read', now).readers).toEqual(['person', 'officer'])
  const preserved = decide([duty('legal_preservation')], 'read', now)
  expect(preserved).toMatchObject({ may: true, readers: ['custodian'], shown: { may: false } })
  expect(preserved.told?.text).toContain('sealed')
})

test('a duty binds from its first to before its last millisecond', () => {
  const hold = duty('hold', { since: now, until: now + DAY })
  expect(decide([hold], 'erase', now - 1).may).toBe(true)
  expect(decide([hold], 'erase', now).may).toBe(false)
  expect(decide([hold], 'erase', now + DAY - 1).may).toBe(false)
  expect(decide([hold], 'erase', now + DAY)).toMatchObject({ may: true, told: undefined })
})

test('the date is when the last duty in the way ends, and none where one is open-ended', () => {
  const hold = duty('hold', { until: now + DAY })
  const law = duty('kept_by_law', { until: now + 9 * DAY })
  expect(decide([hold, law], 'erase', now)).toMatchObject({
    keptBy: hold,
    until: now + 9 * DAY,
    shown: { until: now + 9 * DAY },
  })
  expect(decide([hold, law, duty('appeal')], 'erase', now).until).toBeUndefined()
  expect(decide([hold, duty('erasure', { until: now + 30 * DAY })], 'erase', now).until).toBe(now + DAY)
})

test('of two equal duties the longest is named, then the oldest', () => {
  const short = duty('hold', { ground: 'short', until: now + DAY })
  const long = duty('hold', { ground: 'long', until: now + 2 * DAY })
  const old = duty('hold', { ground: 'old', until: now + 2 * DAY, since: now - 2 * DAY })
  expect(decide([short, long], 'erase', now).keptBy).toBe(long)
  expect(decide([long, old, short], 'erase', now).keptBy).toBe(old)
  expect(decide([short, duty('hold', { ground: 'open' })], 'erase', now).keptBy?.ground).toBe('open')
})

test('three at once: the strongest names it, the weakest explains it, and only those read whom all three leave', () => {
  const decision = decide([duty('erasure'), duty('kept_by_law'), duty('hold')], 'erase', now)
  expect(decision.keptBy?.kind).toBe('hold')
  expect(decision.told).toEqual(cells.hold.erasure.told)
  expect(decision.readers).toEqual(['person', 'officer', 'counsel'])
  const sealed = decide([duty('legal_preservation'), duty('appeal'), duty('restriction')], 'read', now)
  expect(sealed.readers).toEqual(['custodian'])
})

test('a gagged order keeps the thing, and the person sees the erasure they asked for', () => {
  const duties = [duty('erasure'), duty('hold', { secretUntil: secret })]
  expect(decide(duties, 'erase', now)).toMatchObject({
    may: false,
    keptBy: duties[1],
    told: undefined,
    shown: { may: true },
  })
  const later = decide(duties, 'erase', secret.until)
  expect(later).toMatchObject({ told: cells.hold.erasure.told, shown: { may: false, keptBy: 'hold' } })
})

const anyDuty = fc
  .record({
    kind: fc.constantFrom(...dutyKinds),
    since: fc.integer({ min: -9, max: 2 }),
    length: fc.option(fc.integer({ min: 1, max: 20 })),
  })
  .map(({ kind, since, length }) => {
    const from = now + since * DAY
    return duty(kind, {
      since: from,
      ground: `${kind} ${since} ${length}`,
      ...(length === null ? {} : { until: from + length * DAY }),
    })
  })
const anySecret = anyDuty
  .filter(({ kind }) => rules[kind].maySecret)
  .map((open): Duty => ({ ...open, secretUntil: secret }))

test('nothing the person meets differs by what is secret, whatever else binds', () => {
  fc.assert(
    fc.property(fc.array(anyDuty), fc.array(anySecret), fc.constantFrom(...acts), (open, hidden, act) => {
      const without = decide(open, act, now)
      const { told, shown, may } = decide([...hidden, ...open], act, now)
      expect({ told, shown }).toEqual({ told: without.told, shown: without.shown })
      // And a secret duty never permits what is otherwise forbidden.
      if (!without.may && act !== 'read') expect(may).toBe(false)
    }),
  )
})

test('the order of the rows changes nothing', () => {
  const shuffled = fc
    .array(anyDuty)
    .chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })))
  fc.assert(
    fc.property(shuffled, fc.constantFrom(...acts), ([all, mixed], act) => {
      expect(decide(mixed, act, now)).toEqual(decide(all, act, now))
    }),
  )
})

test.each([
  ['a secret that the person has a right to know', duty('restriction', { secretUntil: secret })],
  ['a secret appeal', duty('appeal', { secretUntil: secret })],
  ['a secret without a ground', duty('hold', { secretUntil: { ...secret, ground: ' ' } })],
  ['a secret nobody approved', duty('hold', { secretUntil: { ...secret, approver: '' } })],
  ['a secret for ever', duty('hold', { secretUntil: { ...secret, until: Number.POSITIVE_INFINITY } })],
  ['a duty without a ground', duty('hold', { ground: '' })],
  ['a duty of no time', duty('hold', { since: Number.NaN })],
  ['a duty of no kind', { ...duty('hold'), kind: 'whim' as DutyKind }],
])('%s is refused, in words that say nothing of it', (_, faulty) => {
  expect(() => decide([faulty], 'read', now)).toThrow('duty_malformed: Something went wrong on our side')
})
