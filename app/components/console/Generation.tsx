import { Link } from '@remix-run/react'
import { Copyable } from '#app/components/ui/CopyButton.tsx'
import { PageTitle } from '#app/components/ui/PageTitle.tsx'
import { DefinitionList, EmptyState, Panel, Split } from '#app/components/ui/Panel.tsx'
import { Timeline } from '#app/components/ui/Progress.tsx'
import { Table } from '#app/components/ui/Table.tsx'
import { Tag } from '#app/components/ui/Tag.tsx'
import { Time } from '#app/components/ui/Time.tsx'
import type { GenerationFacts } from '#app/console/generations.ts'
import { useI18n } from '#app/i18n/I18n.tsx'
import { paths } from '#app/paths.ts'
import { useDollars } from './catalogue-words.ts'
import { GenerationActs, type GenerationAnswer } from './GenerationActs.tsx'
import { GenerationTag, ShortId } from './marks.tsx'
import { generationWords } from './words.ts'

export interface GenerationProps {
  facts: GenerationFacts
  may: { reveal: boolean; cancel: boolean; person: boolean }
  answer: GenerationAnswer
}

/** What happened to one video, step by step; what was asked for stays sealed until somebody gives a reason. */
export function Generation({ facts, may, answer }: GenerationProps) {
  const { t, duration } = useI18n()
  return (
    <>
      <PageTitle
        title={t('Video')}
        back={{ to: paths.generations(), label: t('Generations') }}
        actions={
          <>
            {facts.late && <Tag tone="bad">{t('past its deadline')}</Tag>}
            <GenerationTag state={facts.state} />
          </>
        }
      />
      <Split side={<GenerationActs facts={facts} may={may} answer={answer} />}>
        <div className="grid gap-5">
          <Facts facts={facts} mayPerson={may.person} />
          <Panel title={t('What happened')}>
            <Timeline
              label={t('What happened')}
              items={facts.events.map(({ state, phase, at }) => ({
                label: (
                  <>
                    {t(generationWords[state].word)}
                    {phase !== state && <span className="text-ink-3"> · {phase}</span>}
                  </>
                ),
                at:
                  at === facts.createdAt ? (
                    <Time ms={at} show="dateTime" style="medium" />
                  ) : (
                    t('after {time}', { time: duration(at - facts.createdAt) })
                  ),
                state: 'done',
              }))}
            />
          </Panel>
          <Panel title={t('Attempts')} note={t('Each try at a provider, written down before it was made.')}>
            <Attempts attempts={facts.attempts} />
          </Panel>
          <Panel title={t('Screening')} note={t('What looked at it, and what it found.')}>
            <Screenings screenings={facts.screenings} />
          </Panel>
          <Panel title={t('Files and provenance')}>
            <Files facts={facts} />
          </Panel>
        </div>
      </Split>
    </>
  )
}

function Facts({ facts, mayPerson }: { facts: GenerationFacts; mayPerson: boolean }) {
  const { t, number, duration } = useI18n()
  const { settings, hold } = facts
  const dollars = useDollars()
  const costs = facts.attempts.flatMap(({ cost }) => (cost ? [cost.microUsd] : []))
  const holdWords = { open: t('set aside'), captured: t('used'), released: t('given back') }
  const took =
    facts.startedAt !== null && facts.endedAt !== null ? duration(facts.endedAt - facts.startedAt) : '–'
  return (
    <Panel>
      <DefinitionList
        items={[
          { term: t('Id'), detail: <Copyable text={facts.id} /> },
          {
            term: t('Person'),
            detail: mayPerson ? (
              <Link to={paths.person(facts.subject)} className="text-accent hover:underline">
                <ShortId id={facts.subject} />
              </Link>
            ) : (
              <ShortId id={facts.subject} />
            ),
          },
          { term: t('Asked by'), detail: facts.apiKey ? <ShortId id={facts.apiKey} /> : t('the page') },
          { term: t('Model'), detail: facts.model },
          {
            term: t('Settings'),
            detail: [
              t('{seconds} s', { seconds: settings.seconds }),
              settings.aspect_ratio,
              settings.resolution,
              settings.audio ? t('with sound') : t('silent'),
              ...(facts.inputs.length > 0
                ? [t('{count, plural, one {# file} other {# files}} given', { count: facts.inputs.length })]
                : []),
            ].join(', '),
          },
          { term: t('Asked for'), detail: <Time ms={facts.createdAt} show="dateTime" /> },
          { term: t('Took'), detail: took },
          { term: t('Ends at the latest'), detail: <Time ms={facts.deadlineAt} show="dateTime" /> },
          {
            term: t('Credits'),
            detail:
              facts.price === 0
                ? t('free')
                : `${number(facts.price)}${hold ? `, ${holdWords[hold.state]}` : ''}`,
          },
          ...(costs.length > 0
            ? [{ term: t('Provider’s cost'), detail: dollars(costs.reduce((sum, cost) => sum + cost, 0)) }]
            : []),
          ...(facts.error
            ? [{ term: t('Error'), detail: <code className="font-mono text-xs">{facts.error}</code> }]
            : []),
          {
            term: t('Kept until'),
            detail: facts.savedAt ? (
              t('saved by its owner')
            ) : facts.expiresAt ? (
              <Time ms={facts.expiresAt} />
            ) : (
              '–'
            ),
          },
        ]}
      />
    </Panel>
  )
}

function Attempts({ attempts }: Pick<GenerationFacts, 'attempts'>) {
  const { t } = useI18n()
  const dollars = useDollars()
  const words = {
    started: t('begun'),
    accepted: t('accepted'),
    succeeded: t('succeeded'),
    submitting: t('being sent'),
    unknown: t('answer lost'),
    failed: t('failed'),
  }
  return (
    <Table
      label={t('Attempts')}
      rows={attempts}
      rowKey={(row) => String(row.number)}
      columns={[
        { id: 'n', label: t('Try'), cell: (row) => row.number },
        {
          id: 'route',
          label: t('Route'),
          cell: (row) => `${row.route.provider} / ${row.route.model} ${row.route.version}`,
        },
        {
          id: 'state',
          label: t('State'),
          cell: (row) => <Tag tone={row.state === 'failed' ? 'bad' : 'plain'}>{words[row.state]}</Tag>,
        },
        {
          id: 'error',
          label: t('Error'),
          cell: (row) => row.error && <code className="font-mono text-xs">{row.error}</code>,
        },
        {
          id: 'cost',
          label: t('Cost'),
          cell: ({ cost }) =>
            cost && (cost.told ? dollars(cost.microUsd) : t('about {sum}', { sum: dollars(cost.microUsd) })),
        },
        {
          id: 'began',
          label: t('Began'),
          cell: (row) => <Time ms={row.startedAt} show="dateTime" style="short" />,
          from: 'sm',
        },
      ]}
      empty={<EmptyState title={t('Nothing was tried yet')} />}
    />
  )
}

function Screenings({ screenings }: Pick<GenerationFacts, 'screenings'>) {
  const { t } = useI18n()
  const what = { prompt: t('prompt'), reference: t('reference'), output: t('video') }
  const verdicts = { pass: t('passed'), block: t('blocked'), nothing_looked: t('nothing looked') }
  const tones = { pass: 'good', block: 'bad', nothing_looked: 'warn' } as const
  return (
    <Table
      label={t('Screening')}
      rows={screenings}
      rowKey={(row) => row.id}
      columns={[
        { id: 'what', label: t('Of'), cell: (row) => what[row.what] },
        {
          id: 'verdict',
          label: t('Verdict'),
          cell: (row) => <Tag tone={tones[row.verdict]}>{verdicts[row.verdict]}</Tag>,
        },
        { id: 'category', label: t('Category'), cell: (row) => row.category ?? '–' },
        {
          id: 'by',
          label: t('By'),
          cell: (row) => <code className="font-mono text-xs">{row.lookedBy}</code>,
          from: 'sm',
        },
      ]}
      empty={<EmptyState title={t('Nothing has looked at it yet')} />}
    />
  )
}

function Files({ facts }: { facts: GenerationFacts }) {
  const { t, bytes } = useI18n()
  const { files, stamp } = facts
  return (
    <div className="grid gap-4">
      <Table
        label={t('Files')}
        rows={files}
        rowKey={(row) => row.id}
        columns={[
          { id: 'kind', label: t('File'), cell: (row) => row.kind },
          { id: 'type', label: t('Type'), cell: (row) => row.mediaType, from: 'sm' },
          { id: 'size', label: t('Size'), align: 'end', cell: (row) => bytes(row.size) },
          { id: 'measure', label: t('Measure'), cell: (row) => `${row.width} × ${row.height}` },
        ]}
        empty={<EmptyState title={t('No file is stored for it')} />}
      />
      {stamp ? (
        <DefinitionList
          items={[
            {
              term: t('Public record'),
              detail: (
                <a href={paths.record(stamp.publicId)} className="text-accent hover:underline">
                  <code className="font-mono text-xs">{stamp.publicId}</code>
                </a>
              ),
            },
            { term: t('Signed'), detail: <Time ms={stamp.signedAt} show="dateTime" /> },
            { term: t('By'), detail: stamp.engine },
            {
              term: t('File’s SHA-256'),
              detail: <code className="break-all font-mono text-xs">{stamp.sha256}</code>,
            },
          ]}
        />
      ) : (
        <p className="text-ink-3 text-sm">{t('Not signed: there is no finished video, or no longer one.')}</p>
      )}
    </div>
  )
}
