import { Panel } from '#app/components/ui/Panel.tsx'
import { Select } from '#app/components/ui/Select.tsx'
import { TextField } from '#app/components/ui/TextField.tsx'
import type { ReadableModel } from '#app/console/catalogue.ts'
import { useI18n } from '#app/i18n/I18n.tsx'
import { type ActAnswer, ActForm, Folded, FoldedAct } from './ActForm.tsx'
import { useActFields } from './act-fields.ts'
import { ConfirmField } from './ConfirmField.tsx'
import { lifecycleWords } from './catalogue-words.ts'
import { RecordForm } from './RecordForm.tsx'

interface Props {
  model: ReadableModel
  answer: ActAnswer | undefined
}

/** What may be set of a model besides its price and routes. */
export function ModelActs({ model, answer }: Props) {
  const { t } = useI18n()
  const { set, own, replaces, id } = model
  return (
    <Panel title={t('What you can do')} lifted>
      <div className="border-line border-b pb-3">
        <ActForm
          intent="switch"
          verb={set.isOn ? t('Switch off') : t('Switch on')}
          look={set.isOn ? 'quiet' : 'primary'}
          lead={
            set.isOn
              ? t('Nobody can ask for it then. What is being made goes on.')
              : t('People can ask for it again, if a route can be used.')
          }
          hidden={{ to: set.isOn ? 'off' : 'on' }}
          answer={answer}
        />
      </div>
      <Lifecycle model={model} answer={answer} />
      <Limits model={model} answer={answer} />
      <Folded
        title={own ? t('Change the record') : t('Replace the record by your own')}
        open={answer?.intent === 'record' && !answer.ok}
      >
        <div className="grid gap-3">
          <p className="text-ink-2">
            {own
              ? t('A rule that changes needs a higher version.')
              : t('Yours counts until you remove it; then the one that came with this version is back.')}
          </p>
          <RecordForm intent="record" verb={t('Save the record')} text={model.text} answer={answer} />
        </div>
      </Folded>
      {own && <RemoveRecord id={id} replaces={replaces} answer={answer} />}
    </Panel>
  )
}

function Lifecycle({ model, answer }: Props) {
  const { t } = useI18n()
  const { typed, error } = useActFields(answer, 'lifecycle')
  const { record, given, set, others } = model
  const now = set.lifecycle ? record.lifecycle : undefined
  const state = lifecycleWords[given.lifecycle.state]
  return (
    <FoldedAct
      intent="lifecycle"
      title={t('Lifecycle')}
      verb={t('Save')}
      lead={t(
        'After its last day (UTC) nobody can ask for it; what was made stays and names the replacement.',
      )}
      answer={answer}
    >
      <Select
        label={t('State')}
        name="state"
        options={[
          {
            value: 'record',
            label: t('as the record has it: {state}', {
              state: state ? t(state.word) : given.lifecycle.state,
            }),
          },
          ...Object.entries(lifecycleWords).map(([value, { word }]) => ({ value, label: t(word) })),
        ]}
        defaultValue={typed('state', now?.state ?? 'record')}
      />
      <TextField
        label={t('Last day')}
        name="sunset_on"
        type="date"
        optional
        defaultValue={typed('sunset_on', now?.sunsetOn ?? '')}
        error={error('sunset_on')}
      />
      <Select
        label={t('Replacement')}
        name="replacement"
        optional
        options={[
          { value: '', label: t('none') },
          ...others.map(({ id, name }) => ({ value: id, label: name })),
        ]}
        defaultValue={typed('replacement', now?.replacement ?? '')}
        error={error('replacement')}
      />
    </FoldedAct>
  )
}

function Limits({ model: { set, given }, answer }: Props) {
  const { t } = useI18n()
  const { typed, error } = useActFields(answer, 'limits')
  return (
    <FoldedAct intent="limits" title={t('Limits')} verb={t('Save')} answer={answer}>
      <TextField
        label={t('Longest video, in seconds')}
        name="most_seconds"
        inputMode="numeric"
        optional
        placeholder={String(given.mostSeconds)}
        defaultValue={typed('most_seconds', set.mostSeconds === null ? '' : String(set.mostSeconds))}
        error={error('most_seconds')}
      />
      <TextField
        label={t('Videos that one person may have in the making')}
        name="most_live"
        inputMode="numeric"
        optional
        defaultValue={typed('most_live', set.mostLive === null ? '' : String(set.mostLive))}
        error={error('most_live')}
        help={t('Empty: as many as of any model.')}
      />
    </FoldedAct>
  )
}

export function RemoveRecord(props: { id: string; replaces: boolean; answer: ActAnswer | undefined }) {
  const { id, replaces, answer } = props
  const { t } = useI18n()
  return (
    <FoldedAct
      intent="remove_record"
      title={t('Remove your record')}
      verb={t('Remove')}
      look="danger"
      lead={
        replaces
          ? t('The record that came with this version is back then. Your prices, switches and order stay.')
          : t(
              'The model is gone then, with its prices and order. Videos made with it stay; set it to retired instead to name a replacement.',
            )
      }
      answer={answer}
    >
      <ConfirmField word={id} intent="remove_record" answer={answer} />
    </FoldedAct>
  )
}
