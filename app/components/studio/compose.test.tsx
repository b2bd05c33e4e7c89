import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import { useRefusal } from '#app/components/account/answers.tsx'
import { shipped } from '#app/studio/catalogue/models/all.ts'
import type { Step } from '#app/studio/creations/creation.schema.ts'
import { type Chosen, fittedTo, type Recipient } from '#app/studio/creations/offer.schema.ts'
import { translatorFor } from '#core/i18n/translate.ts'
import { roleFor } from './drop.ts'
import { FileTiles } from './FileTiles.tsx'
import { Recipients } from './Recipients.tsx'
import { type GivenFile, movedUp } from './reference-upload.ts'
import { MoreFields, SettingFields } from './SettingFields.tsx'
import { phaseLabel, tellingSteps } from './words.ts'

/**
 * Pins: a setting that the model does not have; thirty lengths side by side; a recipient that is not named before it
 * receives; a picture field that needs scripts; progress of a provider that fills the history with one line a second.
 */
const no = () => undefined

function model(id: string) {
  const found = shipped.find((one) => one.id === id)
  if (!found) throw new Error(`There is no ${id}`)
  return found
}

function Settings({ id, wish = {} }: { id: string; wish?: Partial<Chosen> }) {
  const record = model(id)
  const refused = useRefusal(undefined)
  return (
    <>
      <SettingFields model={record} chosen={fittedTo(record, wish)} errorOf={no} onChange={no} />
      <MoreFields model={record} seed="" negative="" refused={refused} onSeed={no} onNegative={no} />
    </>
  )
}

function namesIn(html: string): string[] {
  return [...new Set([...html.matchAll(/\bname="([\w-]+)"/g)].map(([, name]) => name ?? ''))]
}

test('the fields are those that the record has', () => {
  const storyboard = renderToStaticMarkup(<Settings id="storyboard" />)
  expect(namesIn(storyboard)).toEqual(['seconds', 'aspect_ratio', 'resolution', 'audio', 'seed'])
  const wan = renderToStaticMarkup(<Settings id="wan-2.7" />)
  expect(namesIn(wan)).toEqual(['seconds', 'aspect_ratio', 'resolution', 'negative_prompt', 'seed'])
  expect(wan).toContain('Always with sound')
  const own = renderToStaticMarkup(<Settings id="self-hosted" />)
  expect(namesIn(own)).toEqual(['seconds', 'aspect_ratio', 'resolution'])
  expect(own).toContain('This model makes none')
})

test('many lengths are a list, a few are all in sight', () => {
  const many = renderToStaticMarkup(<Settings id="wan-2.7" wish={{ seconds: 12 }} />)
  expect(many).toMatch(/<select[^>]*name="seconds"/)
  expect(many).toMatch(/<option[^>]*value="12"[^>]*selected/)
  const few = renderToStaticMarkup(<Settings id="veo-3.1" />)
  expect([...few.matchAll(/type="radio"[^>]*name="seconds"/g)]).toHaveLength(4)
})

test('recipients are named with their country, what they keep, and that we are not them', () => {
  const to = (where: Recipient['where'], id = 'kie'): Recipient => ({
    id,
    title: id.toUpperCase(),
    where,
    company: 'Company Ltd',
    country: 'SG',
    keeps: { says: 'Videos for two weeks.', days: 14, trains: 'unknown', deletes: 'nothing' },
  })
  const two = renderToStaticMarkup(<Recipients recipients={[to('elsewhere'), to('elsewhere', 'fal')]} />)
  for (const said of [
    'KIE',
    'FAL',
    ', Company Ltd',
    ', Singapore',
    'Videos for two weeks.',
    'The last of it goes after 14 days.',
    'does not say whether it trains',
    'It deletes nothing on request',
    'We are not affiliated with KIE, FAL.',
  ])
    expect(two).toContain(said)
  // Two routes of one provider are one recipient.
  const once = renderToStaticMarkup(<Recipients recipients={[to('elsewhere'), to('elsewhere')]} />)
  expect(once.match(/<li><p>/g)).toHaveLength(1)
  expect(renderToStaticMarkup(<Recipients recipients={[to('here')]} />)).toContain(
    'Nothing leaves this server.',
  )
  expect(renderToStaticMarkup(<Recipients recipients={[to('own')]} />)).toContain('operator’s own')
})

test('without scripts there is one plain field for a picture, and none where a model takes only clips', () => {
  const files = { all: [], add: no, remove: no, moveUp: no, put: no }
  const html = (way: 'frames' | 'extend') =>
    renderToStaticMarkup(
      <FileTiles
        model={model('veo-3.1')}
        way={way}
        shown={[]}
        files={files}
        dropping={false}
        onMention={no}
        errors={[]}
      />,
    )
  expect(html('frames').match(/type="file"/g)).toHaveLength(1)
  expect(html('frames')).toContain('name="picture"')
  expect(html('extend')).not.toContain('type="file"')
})

test('a video of one’s own stands among the files with its still, and goes without scripts too', () => {
  const video: GivenFile = {
    ...{
      key: 'v',
      role: 'extend',
      of: 'generation',
      state: 'there',
      id: 'gen_1',
      seconds: 8,
      sentence: null,
    },
    shown: '/media/gen_1/poster',
  }
  const html = renderToStaticMarkup(
    <FileTiles
      model={model('veo-3.1')}
      way="extend"
      shown={[video]}
      files={{ all: [video], add: no, remove: no, moveUp: no, put: no }}
      dropping={false}
      onMention={no}
      errors={[]}
    />,
  )
  expect(html).toContain('src="/media/gen_1/poster"')
  expect(html).toMatch(/<a href="\/studio\?model=veo-3.1" aria-label="Remove Clip that goes on"/)
})

test('a reference moves before the one in front of it in its own role', () => {
  const file = (key: string, role: GivenFile['role']): GivenFile => ({
    key,
    role,
    of: 'reference',
    state: 'there',
    id: key,
    shown: null,
    seconds: null,
    sentence: null,
  })
  const all = [file('a', 'image'), file('v', 'video'), file('b', 'image')]
  expect(movedUp(all, 'b').map(({ key }) => key)).toEqual(['b', 'v', 'a'])
  expect(movedUp(all, 'a')).toBe(all)
  expect(movedUp(all, 'v')).toBe(all)
})

test('a dropped file goes where it is of use, and nowhere when the model takes none of its kind', () => {
  const veo = model('veo-3.1')
  const ways = ['frames', 'references', 'extend'] as const
  const place = (kind: 'picture' | 'clip' | 'sound', all: GivenFile['role'][] = []) =>
    roleFor(kind, veo, {
      ways,
      way: 'frames',
      files: { all: all.map((role) => ({ role, state: 'there' }) as GivenFile) },
    })
  expect(place('picture')).toEqual({ way: 'frames', role: 'first_frame' })
  expect(place('picture', ['first_frame'])).toEqual({ way: 'frames', role: 'last_frame' })
  expect(place('picture', ['first_frame', 'last_frame'])).toEqual({ way: 'frames', role: 'first_frame' })
  expect(place('clip')).toEqual({ way: 'extend', role: 'extend' })
  expect(place('sound')).toBeUndefined()
})

test('a provider’s own progress is said, and is one line of the history', () => {
  const words = translatorFor('en')
  expect(phaseLabel(words, 'waiting:3')).toBe('Waiting at the provider, 3 jobs before it')
  expect(phaseLabel(words, 'waiting:1')).toBe('Waiting at the provider, 1 job before it')
  expect(phaseLabel(words, 'rendering:40')).toBe('Drawing, 40 %')
  expect(phaseLabel(words, 'dreaming')).toBe('Drawing')
  const step = (state: Step['state'], phase: string, at: number): Step => ({ state, phase, at })
  const told = tellingSteps([
    step('held', 'held', 0),
    step('queued', 'queued', 1),
    step('submitted', 'submitted', 2),
    step('rendering', 'rendering', 3),
    step('rendering', 'waiting:2', 4),
    step('rendering', 'waiting:1', 5),
    step('rendering', 'rendering:0', 6),
    step('rendering', 'rendering:90', 7),
    step('finishing', 'finishing', 8),
    step('ready', 'ready', 9),
  ])
  expect(told.map(({ phase, at }) => `${phase} ${at}`)).toEqual([
    'queued 1',
    'submitted 2',
    'waiting 4',
    'rendering 6',
    'finishing 8',
    'ready 9',
  ])
})
