/**
 * Failures this pins: "valid" shown for a file whose source was tampered with; an expired certificate shown as a changed
 * file; a verdict guessed from a document that makes no sense; text of a stranger that rewrites the page around it.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Report, reportOf } from './report.ts'

const label = 'urn:c2pa:outer'
const signed = {
  success: [{ code: 'claimSignature.validated' }, { code: 'signingCredential.trusted' }],
  failure: [] as { code: string }[],
}

function read(
  manifest: object,
  results: object = signed,
  state = 'Trusted',
  more: object = {},
  manifests: object = {},
): Report {
  const json = JSON.stringify({
    active_manifest: label,
    manifests: { [label]: manifest, ...manifests },
    validation_state: state,
    validation_results: { activeManifest: results, ...more },
  })
  return reportOf({ kind: 'store', json })
}

test('ours is only what verifies and chains to us', () => {
  expect(read({}).signer?.trusted).toBe('ours')
  const untrusted = {
    success: [{ code: 'claimSignature.validated' }],
    failure: [{ code: 'signingCredential.untrusted' }],
  }
  expect(read({}, untrusted, 'Valid')).toMatchObject({
    integrity: 'unchanged',
    signer: { trusted: 'unknown' },
  })
  const forged = {
    success: [{ code: 'signingCredential.trusted' }],
    failure: [{ code: 'claimSignature.mismatch' }],
  }
  expect(read({}, forged, 'Invalid')).toMatchObject({ integrity: 'changed', signer: { trusted: 'unknown' } })
})

test('expired is not changed', () => {
  const expired = { ...signed, failure: [{ code: 'signingCredential.expired' }] }
  expect(read({}, expired, 'Invalid')).toMatchObject({
    integrity: 'unchanged',
    signer: { trusted: 'expired' },
  })
  const both = {
    ...signed,
    failure: [{ code: 'signingCredential.expired' }, { code: 'assertion.dataHash.mismatch' }],
  }
  expect(read({}, both, 'Invalid').integrity).toBe('changed')
})

test('an engine that says invalid without a reason is believed', () => {
  expect(read({}, signed, 'Invalid').integrity).toBe('changed')
})

describe('the files it was made from', () => {
  const inner = {
    title: 'inner',
    relationship: 'parentOf',
    active_manifest: 'urn:c2pa:inner',
    validation_results: { activeManifest: { failure: [{ code: 'assertion.dataHash.mismatch' }] } },
  }
  const innermost = {
    title: 'innermost',
    relationship: 'parentOf',
    active_manifest: 'urn:c2pa:innermost',
    validation_status: [{ code: 'claimSignature.mismatch' }],
  }
  const created = {
    label: 'c2pa.actions.v2',
    data: {
      actions: [
        {
          action: 'c2pa.created',
          digitalSourceType: 'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia',
          softwareAgent: 'Sora',
        },
      ],
    },
  }
  const manifests = {
    'urn:c2pa:inner': { ingredients: [innermost] },
    'urn:c2pa:innermost': { assertions: [created] },
  }

  test('bring their problems along, with the way to them', () => {
    const report = read({ ingredients: [inner] }, signed, 'Trusted', {}, manifests)
    expect(report.integrity).toBe('unchanged')
    expect(report.problems).toEqual([
      { where: ['inner'], code: 'assertion.dataHash.mismatch', kind: 'integrity' },
      { where: ['inner', 'innermost'], code: 'claimSignature.mismatch', kind: 'integrity' },
    ])
  })

  test('and their origin', () => {
    const report = read({ ingredients: [inner] }, signed, 'Trusted', {}, manifests)
    expect(report).toMatchObject({ source: 'trained', softwareAgent: { name: 'Sora', version: null } })
  })

  test('as do the differences a reader found against what was recorded', () => {
    const ingredientDeltas = [{ validationDeltas: { failure: [{ code: 'ingredient.manifest.missing' }] } }]
    expect(read({}, signed, 'Trusted', { ingredientDeltas }).problems).toMatchObject([
      { code: 'ingredient.manifest.missing', kind: 'integrity' },
    ])
  })

  test('may name each other in a circle, or be thousands', () => {
    const circle = { 'urn:c2pa:inner': { ingredients: [inner] } }
    expect(
      read({ ingredients: [inner] }, signed, 'Trusted', {}, circle).madeFrom[0]?.madeFrom[0]?.madeFrom,
    ).toEqual([])
    const many = read({ ingredients: Array(5000).fill({ title: 'x' }) })
    expect(many.madeFrom).toHaveLength(200)
    expect(many.problems).toContainEqual({ where: [], code: 'ingredient.tooMany', kind: 'integrity' })
  })
})

test('text of a stranger is one short line without hidden marks', () => {
  const name = `\u202Egpj.exe\u0000\u200B\n<script>${'x'.repeat(10_000)}`
  const title = read({
    ingredients: [{ title: name, relationship: 'inputTo' }],
    signature_info: { common_name: name },
  })
  const shown = title.madeFrom[0]?.title ?? ''
  expect(shown).toMatch(/^gpj\.exe <script>x+$/)
  expect(shown).toHaveLength(200)
  expect(title.signer?.name).toBe(shown)
})

test('names that every object has are no manifests', () => {
  for (const active_manifest of ['__proto__', 'constructor', 'toString']) {
    const json = JSON.stringify({ active_manifest, manifests: {}, validation_state: 'Trusted' })
    expect(reportOf({ kind: 'store', json }).integrity).toBe('unreadable')
  }
})

test('any document at all gives a report, and none is ours by accident', () => {
  fc.assert(
    fc.property(fc.json(), fc.json(), (document, manifest) => {
      expect(reportOf({ kind: 'store', json: document }).integrity).toBe('unreadable')
      const store = `{"active_manifest":"a","manifests":{"a":${manifest}},"validation_state":"Trusted","validation_results":${document}}`
      expect(reportOf({ kind: 'store', json: store }).signer?.trusted).not.toBe('ours')
    }),
    { numRuns: 300 },
  )
})
