import { Callout } from '#app/components/ui/Callout.tsx'
import { FieldFrame, useFieldWiring } from '#app/components/ui/Field.tsx'
import { PageTitle } from '#app/components/ui/PageTitle.tsx'
import { List, ListRow, Panel } from '#app/components/ui/Panel.tsx'
import { Select } from '#app/components/ui/Select.tsx'
import { TextField } from '#app/components/ui/TextField.tsx'
import type { WorkflowDraft } from '#app/console/workflow-draft.ts'
import { useI18n } from '#app/i18n/I18n.tsx'
import { paths } from '#app/paths.ts'
import { type ActAnswer, ActForm } from './ActForm.tsx'
import { ActsBeside } from './ActsBeside.tsx'
import { useActFields } from './act-fields.ts'
import { RecordForm } from './RecordForm.tsx'

export interface AddModelProps {
  /** A record to begin with. */
  text: string
  /** Connections that run workflows. */
  servers: readonly { id: string; title: string }[]
  answer: (ActAnswer & { result?: unknown }) | undefined
}

/** A new model: its record as JSON, or drawn from a workflow first. */
export function AddModel({ text, servers, answer }: AddModelProps) {
  const { t } = useI18n()
  const draft = answer?.intent === 'workflow' && answer.ok ? (answer.result as WorkflowDraft) : undefined
  return (
    <>
      <PageTitle
        title={t('Add a model')}
        back={{ to: paths.models(), label: t('Models') }}
        lead={t(
          'A new model on a provider that this version knows is a record, not code. It is checked whole, its rules on every job it offers, before it is kept.',
        )}
      />
      <ActsBeside head={null} acts={<Workflow servers={servers} draft={draft} answer={answer} />}>
        <Panel
          title={t('Record')}
          note={
            draft
              ? t('Drawn from your workflow. Check lengths, sizes and price before you add it.')
              : t('Begin with this one: another id, name and route make it yours.')
          }
        >
          <RecordForm intent="add" verb={t('Check and add')} text={draft?.text ?? text} answer={answer} />
        </Panel>
      </ActsBeside>
    </>
  )
}

function Workflow({
  servers,
  draft,
  answer,
}: Pick<AddModelProps, 'servers' | 'answer'> & { draft: WorkflowDraft | undefined }) {
  const { t } = useI18n()
  const { typed, error } = useActFields(answer, 'workflow')
  return (
    <Panel
      title={t('From a ComfyUI workflow')}
      note={t(
        'In ComfyUI, use Export (API), and bring the file here. Its fields are found for you to check.',
      )}
      lifted
    >
      {servers.length === 0 ? (
        <p className="text-ink-2">{t('Connect a ComfyUI server first, on the page of providers.')}</p>
      ) : (
        <div className="grid gap-4">
          <ActForm intent="workflow" verb={t('Draw a record from it')} multipart answer={answer}>
            <Select
              label={t('Server')}
              name="provider"
              options={servers.map(({ id, title }) => ({ value: id, label: title }))}
              defaultValue={typed('provider', servers[0]?.id ?? '')}
            />
            <TextField
              label={t('Name of the model')}
              name="name"
              maxLength={60}
              defaultValue={typed('name', '')}
              error={error('name')}
            />
            <FileField label={t('Workflow')} name="workflow" error={error('workflow')} />
          </ActForm>
          {draft && <Bound draft={draft} />}
        </div>
      )}
    </Panel>
  )
}

function FileField(props: { label: string; name: string; error: string | undefined }) {
  const wiring = useFieldWiring(props)
  return (
    <FieldFrame {...props}>
      <input
        {...wiring}
        type="file"
        accept=".json,application/json"
        className="w-full text-sm file:mr-3 file:h-8 file:rounded-sm file:border file:border-line-strong file:bg-surface file:px-3 file:font-semibold file:text-ink"
      />
    </FieldFrame>
  )
}

function Bound({ draft: { bound, missing, problems } }: { draft: WorkflowDraft }) {
  const { t } = useI18n()
  return (
    <div className="grid gap-3">
      {missing.length > 0 && (
        <Callout tone="bad" title={t('Not found')}>
          {t('Write these into the bindings yourself, as node.input: {fields}.', {
            fields: missing.join(', '),
          })}
        </Callout>
      )}
      <List>
        {bound.map(({ field, at, node }) => (
          <ListRow
            key={`${field} ${at}`}
            title={<code className="font-mono text-xs">{field}</code>}
            note={node}
            end={<code className="font-mono text-xs">{at}</code>}
          />
        ))}
      </List>
      {problems === null && (
        <Callout tone="warn">
          {t('The server could not be asked whether it can run this. Test it on its page.')}
        </Callout>
      )}
      {problems?.length === 0 && (
        <Callout tone="good">{t('The server has all that this workflow needs.')}</Callout>
      )}
      {problems !== null && problems.length > 0 && (
        <Callout tone="bad" title={t('The server cannot run this yet')}>
          <ul className="list-disc pl-4">
            {problems.map((problem) => (
              <li key={t(problem)}>{t(problem)}</li>
            ))}
          </ul>
        </Callout>
      )}
    </div>
  )
}
