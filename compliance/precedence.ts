/**
 * Where duties meet over one thing (a row, a file, an account), this table decides which one is kept. Everything that
 * sweeps, erases, reads, uses or exports asks `decide` first.
 *
 * Sources of the order: preserving what had to be reported (18 USC 2258A(h)) suffers no exception; a court or legal hold
 * defeats erasure (GDPR Art. 17(3)(e)); restricted data is stored and not used (Art. 18(2)), also when its time is over (Art.
 * 18(1)(c)); what an appeal or a counter-notice is about must still be there when it is decided (DSA Art. 20, 17 USC
 * 512(g)); what a law keeps is not erased (Art. 17(3)(b)); erasure does not wait for the end of a schedule.
 */
import { AppError } from '#core/errors/errors.ts'
import { type Sentence, say } from '#core/i18n/say.ts'
import {
  type Act,
  type Cell,
  cells,
  type DutyKind,
  dutyKinds,
  everybody,
  type Reader,
  rules,
} from './precedence.cells.ts'

export type { Act, Cell, DutyKind, Kept, Reader } from './precedence.cells.ts'

export interface Duty {
  readonly kind: DutyKind
  /** The law, order or request it rests on, for officers; a person is never shown it as it stands here. */
  readonly ground: string
  /** It binds from `since` (ms) until before `until`; without `until`, until somebody ends it. */
  readonly since: number
  readonly until?: number
  /** A report or a gagged order that the person may not learn of yet: why, until when, and who answered for that. */
  readonly secretUntil?: { readonly until: number; readonly ground: string; readonly approver: string }
}

/** The cell where two kinds meet, in whichever order they come. */
export function meeting(a: DutyKind, b: DutyKind): Cell {
  const [strong, weak] = rank(a) <= rank(b) ? [a, b] : [b, a]
  const found = (cells[strong] as Partial<Record<DutyKind, Cell>>)[weak]
  if (!found) throw new AppError('duty_malformed', broken, { status: 500 })
  return found
}

export interface Decision {
  /** For `read`: may anybody at all. Who exactly, `readers` says. */
  readonly may: boolean
  /** The strongest duty that forbids the act; among equals the one that lasts longest. */
  readonly keptBy?: Duty
  readonly readers: readonly Reader[]
  /** When the last duty that forbids the act ends (ms); absent where one of them is open-ended. */
  readonly until?: number
  /** What the person is told; undefined where, as far as they may know, nothing stands in the way. */
  readonly told: Sentence | undefined
  /**
   * The same decision without what is lawfully secret: the only part that a plan, package, certificate, page, mail or error may
   * be made of. Where `may` differs from the outer one the thing stays, and nothing that the person meets shows it.
   */
  readonly shown: { readonly may: boolean; readonly keptBy?: DutyKind; readonly until?: number }
}

/**
 * May this be done to a thing under these duties, at `now` (ms)? Duties forbid and never command: without any, everything
 * may. Throws `duty_malformed` for a duty without ground, or kept secret without ground, approver or the right to be.
 */
export function decide(duties: readonly Duty[], act: Act, now: number): Decision {
  for (const duty of duties) examine(duty)
  const live = duties.filter((duty) => duty.since <= now && now < (duty.until ?? Number.POSITIVE_INFINITY))
  const known = live.filter((duty) => !duty.secretUntil || now >= duty.secretUntil.until)
  const real = weigh(live, act)
  const shown = weigh(known, act)
  const told = explain(known, shown.keptBy, act, shown.readers)
  return {
    may: real.keptBy === undefined && real.readers.length > 0,
    ...(real.keptBy ? { keptBy: real.keptBy } : {}),
    readers: real.readers,
    ...(real.until === undefined ? {} : { until: real.until }),
    told,
    shown: {
      may: told === undefined,
      ...(shown.keptBy ? { keptBy: shown.keptBy.kind } : {}),
      ...(shown.until === undefined ? {} : { until: shown.until }),
    },
  }
}

function weigh(
  live: readonly Duty[],
  act: Act,
): { keptBy?: Duty; until?: number; readers: readonly Reader[] } {
  const readers = readersOf(live)
  const against = live.filter((duty) => rules[duty.kind].forbids.includes(act)).sort(strongestFirst)
  const [keptBy] = against
  if (!keptBy) return { readers }
  const until = Math.max(...against.map(end))
  return { keptBy, readers, ...(until === Number.POSITIVE_INFINITY ? {} : { until }) }
}

/** Whoever may read under every pair that meets here, and always those whom the strongest duty exists for. */
function readersOf(live: readonly Duty[]): readonly Reader[] {
  const kinds = dutyKinds.filter((kind) => live.some((duty) => duty.kind === kind))
  const [strongest] = kinds
  if (!strongest) return everybody
  const pairs = kinds.flatMap((a, i) =>
    kinds.length === 1 ? [meeting(a, a)] : kinds.slice(i + 1).map((b) => meeting(a, b)),
  )
  const everywhere = (reader: Reader) => pairs.every(({ readers }) => readers.includes(reader))
  return [...everybody, 'custodian' as const].filter(
    (reader) => everywhere(reader) || rules[strongest].owed.includes(reader),
  )
}

/** The sentence of the cell where what stands in the way meets the weakest duty, which is what the person asked or expected. */
function explain(
  known: readonly Duty[],
  keptBy: Duty | undefined,
  act: Act,
  readers: readonly Reader[],
): Sentence | undefined {
  const sorted = [...known].sort(strongestFirst)
  const closed = act === 'read' && !readers.includes('person')
  const stands = keptBy ?? (closed ? sorted[0] : undefined)
  const weakest = sorted.at(-1)
  return stands && weakest ? meeting(stands.kind, weakest.kind).told : undefined
}

const rank = (kind: DutyKind) => dutyKinds.indexOf(kind)
const end = (duty: Duty) => duty.until ?? Number.POSITIVE_INFINITY

/** By kind, then the longest, the oldest, the ground: the same answer whatever order the rows came in. */
function strongestFirst(a: Duty, b: Duty): number {
  if (a.kind !== b.kind) return rank(a.kind) - rank(b.kind)
  if (end(a) !== end(b)) return end(b) - end(a)
  if (a.since !== b.since) return a.since - b.since
  return a.ground < b.ground ? -1 : 1
}

const broken = say('Something went wrong on our side. Nothing was changed.')

/** A faulty duty is refused rather than guessed at: ignoring it would delete, and showing it might tell a secret. */
function examine({ kind, ground, since, until, secretUntil: secret }: Duty): void {
  const timed = Number.isFinite(since) && (until === undefined || Number.isFinite(until))
  const lawful =
    !secret ||
    (rules[kind]?.maySecret &&
      Number.isFinite(secret.until) &&
      secret.ground.trim() &&
      secret.approver.trim())
  if (rank(kind) < 0 || !timed || !ground.trim() || !lawful)
    throw new AppError('duty_malformed', broken, { status: 500 })
}
