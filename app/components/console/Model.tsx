import { Callout } from '#app/components/ui/Callout.tsx'
import { PageTitle } from '#app/components/ui/PageTitle.tsx'
import { DefinitionList, Panel } from '#app/components/ui/Panel.tsx'
import { Tag } from '#app/components/ui/Tag.tsx'
import type { ModelPage, ReadableModel } from '#app/console/catalogue.ts'
import { useI18n } from '#app/i18n/I18n.tsx'
import { paths } from '#app/paths.ts'
import type { tryPrice } from '#app/studio/catalogue/examples.ts'
import { say } from '#core/i18n/say.ts'
import type { ActAnswer } from './ActForm.tsx'
import { ActsBeside } from './ActsBeside.tsx'
import { hiddenWords } from './catalogue-words.ts'
import { ModelActs, RemoveRecord } from './ModelActs.tsx'
import { ModelPrice } from './ModelPrice.tsx'
import { ModelRoutes } from './ModelRoutes.tsx'
import { LifecycleWord } from './Models.tsx'
import { Faults, RecordForm } from './RecordForm.tsx'

export interface ModelProps {
  model: ModelPage
  tried: (rule: string) => ReturnType<typeof tryPrice>
  mayChange: boolean
  answer: ActAnswer | undefined
}

/** One model: what it is, what it costs, who runs it, and what may be set of it. */
export function Model({ model, tried, mayChange, answer }: ModelProps) {
  const { t } = useI18n()
  const back = { to: paths.models(), label: t('Models') }
  if (!model.readable)
    return (
      <>
        <PageTitle title={model.id} back={back} />
        <Unreadable model={model} mayChange={mayChange} answer={answer} />
      </>
    )
  const { record, hidden, own } = model
  return (
    <>
      <PageTitle
        title={record.name}
        back={back}
        lead={record.says}
        actions={
          <>
            {own && <Tag>{t('own')}</Tag>}
            {hidden ? (
              <Tag tone={hiddenWords[hidden].tone}>{t(hiddenWords[hidden].word)}</Tag>
            ) : (
              <Tag tone="good">{t('offered')}</Tag>
            )}
          </>
        }
      />
      <ActsBeside
        acts={mayChange && <ModelActs model={model} answer={answer} />}
        head={
          <>
            {answer?.ok && (
              <Callout announced tone="good">
                {t('Saved. It counts for what is asked for from now on.')}
              </Callout>
            )}
            {hidden && (
              <Callout tone="warn" title={t('People cannot choose it')}>
                {t(hiddenWords[hidden].says)}
              </Callout>
            )}
          </>
        }
      >
        <ModelPrice
          key={`${model.set.priceRule} ${record.price.version}`}
          model={model}
          tried={tried}
          mayChange={mayChange}
          answer={answer}
        />
        <ModelRoutes model={model} mayChange={mayChange} answer={answer} />
        <Facts record={record} names={new Map(model.others.map(({ id, name }) => [id, name]))} />
      </ActsBeside>
    </>
  )
}

function Unreadable(props: {
  model: Extract<ModelPage, { readable: false }>
  mayChange: boolean
  answer: ActAnswer | undefined
}) {
  const { model, mayChange, answer } = props
  const { t } = useI18n()
  return (
    <div className="grid gap-5">
      <Faults
        sentence={say('This record does not fit this version any more, so the model is left out.')}
        faults={model.faults}
      />
      {mayChange && (
        <Panel title={t('Mend it')}>
          <RecordForm intent="record" verb={t('Save the record')} text={model.text} answer={answer} />
          <RemoveRecord id={model.id} replaces={false} answer={answer} />
        </Panel>
      )}
    </div>
  )
}

function Facts({ record, names }: Pick<ReadableModel, 'record'> & { names: ReadonlyMap<string, string> }) {
  const { t, number } = useI18n()
  const { seconds, prompt, negativePrompt, shots, inputs, audio } = record
  const sounds = {
    never: t('no sound'),
    always: t('always with sound'),
    optional: t('with or without, as asked'),
  }
  const length = seconds.choices
    ? t('{choices} s', { choices: seconds.choices.join(', ') })
    : t('{least} to {most} s', { least: seconds.least, most: seconds.most })
  const files = Object.entries(inputs)
    .map(([role, rule]) => `${role} ≤ ${rule?.most}`)
    .join(', ')
  return (
    <Panel title={t('What the record says')}>
      <DefinitionList
        items={[
          { term: t('Id'), detail: <code className="font-mono text-xs">{record.id}</code> },
          { term: t('Version'), detail: record.version || '–' },
          {
            term: t('Kind'),
            detail: record.kind === 'trained' ? t('a trained model: AI') : t('a program, no AI'),
          },
          { term: t('Lifecycle'), detail: <LifecycleWord lifecycle={record.lifecycle} names={names} /> },
          { term: t('Modes'), detail: record.modes.join(', ') },
          { term: t('Length'), detail: length },
          { term: t('Resolutions'), detail: record.resolutions.join(', ') },
          { term: t('Shapes'), detail: record.aspectRatios.join(', ') },
          { term: t('Sound'), detail: sounds[audio] },
          { term: t('Seed'), detail: record.seed ? t('the same gives the same, or nearly') : t('none') },
          {
            term: t('Prompt'),
            detail: t('{least} to {most} characters', {
              least: number(prompt.least),
              most: number(prompt.most),
            }),
          },
          {
            term: t('Negative prompt'),
            detail: negativePrompt
              ? t('at most {most} characters', { most: number(negativePrompt.most) })
              : t('none'),
          },
          { term: t('Shots'), detail: shots ? t('at most {most}', { most: shots.most }) : t('one') },
          { term: t('Files'), detail: files || t('none') },
          {
            term: t('Gives up after'),
            detail: t('{minutes} min', { minutes: number(Math.round(record.deadlineSeconds / 60)) }),
          },
        ]}
      />
    </Panel>
  )
}
