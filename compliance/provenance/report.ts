import type { ReaderAnswer } from './engine-messages.ts'
import { type Part, part, parts, plainText, text } from './hostile-text.ts'

/**
 * What was read out of a file, as separate facts that a page can show side by side: is it unchanged, who signed it, what
 * does it say, where was that found. There is deliberately no single verdict: a valid signature by a stranger, or over
 * a tampered source, is not "genuine". Every string comes from the file: short, on one line, and never to be trusted.
 */
export interface Report extends Origin {
  /** `unchanged` is about the outermost signature only; look at `problems` for the files this one was made from. */
  readonly integrity: 'unchanged' | 'changed' | 'none' | 'unreadable'
  /** `elsewhere`: the file only names an address to fetch its manifest from, which this server does not do. */
  readonly found: 'embedded' | 'elsewhere' | 'nowhere'
  readonly state: 'Trusted' | 'Valid' | 'Invalid' | null
  readonly manifestLabel: string | null
  readonly signer: Signer | null
  readonly generator: Named | null
  readonly actions: readonly Action[]
  /** May the file be used to train models, as its maker says? `null`: it does not say. */
  readonly trainingAllowed: boolean | null
  /** The statement this software adds: the public id and the address to verify at. */
  readonly generation: { readonly publicId: string; readonly verifyUrl: string } | null
  readonly madeFrom: readonly Ingredient[]
  readonly problems: readonly Problem[]
}

/** What a file says about how it came to be, itself or through the file it was opened from. */
export interface Origin {
  readonly source: SourceKind
  readonly softwareAgent: Named | null
}

export interface Signer {
  /** `ours`: the signature verifies and its certificate chains to this server's own root. */
  readonly trusted: 'ours' | 'unknown' | 'expired'
  readonly name: string | null
  readonly organisation: string | null
  /** The certificate's serial number in decimal. */
  readonly serial: string | null
  /** From a time-stamp authority, as the file says it; null without one. */
  readonly signedAt: string | null
}

export interface Named {
  readonly name: string
  readonly version: string | null
}

export interface Action {
  readonly action: string
  readonly when: string | null
  readonly source: SourceKind
  readonly agent: Named | null
}

export interface Ingredient extends Origin {
  readonly title: string | null
  readonly relationship: string | null
  readonly hasManifest: boolean
  readonly madeFrom: readonly Ingredient[]
}

export interface Problem {
  /** Titles from the outermost ingredient inwards; empty for the file itself. */
  readonly where: readonly string[]
  /** The status code of the C2PA specification, section 15. */
  readonly code: string
  readonly kind: 'integrity' | 'signer'
}

export type SourceKind = 'algorithmic' | 'trained' | 'composite' | 'captured' | 'other' | 'undeclared'

/** Digital source types of the IPTC (cv.iptc.org/newscodes/digitalsourcetype), by what a person wants to know. */
const sourceKinds: Readonly<Record<string, SourceKind>> = {
  algorithmicMedia: 'algorithmic',
  trainedAlgorithmicMedia: 'trained',
  compositeWithTrainedAlgorithmicMedia: 'composite',
  compositeSynthetic: 'composite',
  composite: 'composite',
  digitalCapture: 'captured',
  computationalCapture: 'captured',
}

/** Deeper or wider than this, a tree of sources is an attack on the reader, not a history. */
const deepest = 12
const mostNodes = 200

export function reportOf(answer: ReaderAnswer): Report {
  if (answer.kind === 'nothing') return empty('none', 'nowhere')
  if (answer.kind === 'remote') return empty('none', 'elsewhere')
  if (answer.kind === 'refused') return unreadable('engine.refused')
  try {
    return storeReport(part(JSON.parse(answer.json)))
  } catch {
    return unreadable('engine.answer')
  }
}

/** The report on a file that no statement can be made about. */
export function unreadable(code: string): Report {
  return { ...empty('unreadable', 'nowhere'), problems: [{ where: [], code, kind: 'integrity' }] }
}

function storeReport(store: Part): Report {
  const label = text(store.active_manifest)
  const manifests = part(store.manifests)
  const active = label !== null && Object.hasOwn(manifests, label) ? manifests[label] : undefined
  const state = stateOf(store.validation_state)
  if (!active || !state) return unreadable('engine.answer')

  const manifest = part(active)
  const results = part(store.validation_results)
  const own = part(results.activeManifest)
  const walk = walkIngredients(manifest, manifests)
  const ownProblems = problemsOf(own.failure, [])
  const problems = [...ownProblems, ...walk.problems, ...deltaProblems(results.ingredientDeltas)]
  const actions = actionsOf(manifest)
  return {
    // An engine that calls a file invalid without saying why is believed.
    integrity: isChanged(state, ownProblems) ? 'changed' : 'unchanged',
    found: 'embedded',
    state,
    manifestLabel: label,
    signer: signerOf(manifest, own, state),
    ...originOf(actions, walk.tree),
    generator: namedOf(parts(manifest.claim_generator_info)[0]),
    actions,
    trainingAllowed: trainingOf(manifest),
    generation: generationOf(manifest),
    madeFrom: walk.tree,
    problems: unique(problems),
  }
}

function isChanged(state: Report['state'], ownProblems: readonly Problem[]): boolean {
  if (ownProblems.some(({ kind }) => kind === 'integrity')) return true
  return state === 'Invalid' && ownProblems.length === 0
}

function signerOf(manifest: Part, results: Part, state: Report['state']): Signer {
  const info = part(manifest.signature_info)
  const good = new Set(parts(results.success).map(({ code }) => code))
  const bad = new Set(parts(results.failure).map(({ code }) => code))
  const verified = good.has('claimSignature.validated') && !bad.has('claimSignature.mismatch')
  const expired = bad.has('signingCredential.expired') || bad.has('claimSignature.outsideValidity')
  const chained = good.has('signingCredential.trusted') && state !== null
  return {
    trusted: expired ? 'expired' : verified && chained ? 'ours' : 'unknown',
    name: plainText(info.common_name),
    organisation: plainText(info.issuer),
    serial: plainText(info.cert_serial_number),
    signedAt: plainText(info.time),
  }
}

/**
 * The manifest's sources, inwards. A file edited from a tampered one is itself perfectly valid and "Trusted"; only the
 * ingredient remembers, in its recorded results, that its source did not hold. Leaving them out would launder it.
 */
function walkIngredients(root: Part, manifests: Part): { tree: Ingredient[]; problems: Problem[] } {
  const problems: Problem[] = []
  let nodes = 0
  const visit = (manifest: Part, where: readonly string[], seen: ReadonlySet<string>): Ingredient[] =>
    parts(manifest.ingredients).flatMap((ingredient) => {
      if (where.length >= deepest || ++nodes > mostNodes) {
        problems.push({ where: [], code: 'ingredient.tooMany', kind: 'integrity' })
        return []
      }
      const title = plainText(ingredient.title)
      const here = [...where, title ?? '?']
      const recorded = part(ingredient.validation_results)
      problems.push(...problemsOf(part(recorded.activeManifest).failure, here))
      problems.push(...problemsOf(ingredient.validation_status, here))
      const label = text(ingredient.active_manifest)
      const inner =
        label !== null && !seen.has(label) && Object.hasOwn(manifests, label)
          ? part(manifests[label])
          : undefined
      const madeFrom = inner && label !== null ? visit(inner, here, new Set([...seen, label])) : []
      const origin = originOf(inner ? actionsOf(inner) : [], madeFrom)
      const relationship = plainText(ingredient.relationship)
      return [{ title, relationship, hasManifest: label !== null, ...origin, madeFrom }]
    })
  return { tree: visit(root, [], new Set()), problems }
}

/** How a file came to be. One that was opened, not created, came to be as its parent did. */
function originOf(actions: readonly Action[], madeFrom: readonly Ingredient[]): Origin {
  const created = actions.find(({ action }) => action === 'c2pa.created')
  if (created) return { source: created.source, softwareAgent: created.agent }
  const parent = madeFrom.find(({ relationship }) => relationship === 'parentOf')
  return { source: parent?.source ?? 'undeclared', softwareAgent: parent?.softwareAgent ?? null }
}

function deltaProblems(deltas: unknown): Problem[] {
  return parts(deltas).flatMap((delta) => problemsOf(part(delta.validationDeltas).failure, ['?']))
}

function problemsOf(failures: unknown, where: readonly string[]): Problem[] {
  return parts(failures).map((failure) => {
    const code = plainText(failure.code) ?? 'unknown'
    return {
      where,
      code,
      kind: /^(signingCredential|timeStamp)\.|^claimSignature\.outsideValidity$/.test(code)
        ? 'signer'
        : 'integrity',
    }
  })
}

function unique(problems: readonly Problem[]): Problem[] {
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()].slice(
    0,
    mostNodes,
  )
}

function assertionOf(manifest: Part, matches: (label: string) => boolean): Part | undefined {
  const found = parts(manifest.assertions).find(({ label }) => matches(text(label) ?? ''))
  return found && part(found.data)
}

function actionsOf(manifest: Part): Action[] {
  const assertion = assertionOf(manifest, (label) => /^c2pa\.actions(\.v2)?$/.test(label))
  return parts(assertion?.actions)
    .slice(0, mostNodes)
    .map((action) => ({
      action: plainText(action.action) ?? 'unknown',
      when: plainText(action.when),
      source: sourceOf(action.digitalSourceType),
      agent:
        typeof action.softwareAgent === 'string'
          ? named(action.softwareAgent)
          : namedOf(part(action.softwareAgent)),
    }))
}

function sourceOf(uri: unknown): SourceKind {
  const given = text(uri)
  if (given === null) return 'undeclared'
  return sourceKinds[given.slice(given.lastIndexOf('/') + 1)] ?? 'other'
}

function trainingOf(manifest: Part): boolean | null {
  const assertion = assertionOf(manifest, (label) => /^(cawg|c2pa)\.training-mining$/.test(label))
  const entry =
    part(assertion?.entries)['cawg.ai_generative_training'] ??
    part(assertion?.entries)['c2pa.ai_generative_training']
  const use = part(entry).use
  return use === undefined ? null : use === 'allowed'
}

function generationOf(manifest: Part): Report['generation'] {
  const assertion = assertionOf(manifest, (label) => label.endsWith('.generation'))
  const publicId = plainText(assertion?.publicId)
  const verifyUrl = plainText(assertion?.verifyUrl, 500)
  return publicId !== null && verifyUrl !== null ? { publicId, verifyUrl } : null
}

function namedOf(value: Part | undefined): Named | null {
  return named(value?.name, value?.version)
}

function named(name: unknown, version?: unknown): Named | null {
  const plain = plainText(name)
  return plain === null ? null : { name: plain, version: plainText(version) }
}

function stateOf(value: unknown): Report['state'] {
  return value === 'Trusted' || value === 'Valid' || value === 'Invalid' ? value : null
}

function empty(integrity: Report['integrity'], found: Report['found']): Report {
  return {
    integrity,
    found,
    state: null,
    manifestLabel: null,
    signer: null,
    source: 'undeclared',
    softwareAgent: null,
    generator: null,
    actions: [],
    trainingAllowed: null,
    generation: null,
    madeFrom: [],
    problems: [],
  }
}
