import { redirect } from '@remix-run/node'
import { useActionData, useLoaderData } from '@remix-run/react'
import { titled } from '#app/components/account/titled.ts'
import { AddModel } from '#app/components/console/AddModel.tsx'
import { addModelSchema, workflowSchema } from '#app/console/catalogue.schema.ts'
import { addModel } from '#app/console/model-acts.ts'
import { draftOfWorkflow, textOf, workflowServers } from '#app/console/workflow-draft.ts'
import { pageAction, pageLoader } from '#app/http/page.ts'
import { paths } from '#app/paths.ts'
import { shipped } from '#app/studio/catalogue/models/all.ts'
import { storyboard } from '#app/studio/catalogue/models/storyboard.ts'
import type { ModelRecord } from '#app/studio/catalogue/record.ts'
import { say } from '#core/i18n/say.ts'
import { LONGEST_RECORD, staffActs } from './staff-acts.ts'

export { ConsoleError as ErrorBoundary } from '#app/components/console/ConsoleError.tsx'

export const meta = titled(say('Add a model'), say('Console'))

const guard = { staff: 'catalogue.change' } as const

export const loader = pageLoader(guard, async ({ house }) => ({
  text: JSON.stringify(example(), null, 2),
  servers: await workflowServers(house),
}))

/** A trained model that is offered, to be made into another. */
function example() {
  const isUsual = ({ kind, lifecycle }: ModelRecord) => kind === 'trained' && lifecycle.state === 'active'
  const usual = shipped.find(isUsual) ?? storyboard
  return { ...named, ...usual, ...named }
}

const named = { id: 'my-model', name: 'My model', version: '1', says: 'What it is, in one sentence.' }

export const action = staffActs(
  'catalogue.change',
  {
    add: pageAction({
      guard,
      input: addModelSchema,
      keep: ['record'],
      async act({ house, who, input }) {
        const { id } = await addModel(house, who.actor, input.record)
        return redirect(paths.model(id))
      },
    }),
    workflow: pageAction({
      guard,
      input: workflowSchema,
      keep: ['provider', 'name'],
      fieldErrors: {
        name: say('Give a name of at most 60 characters.'),
        workflow: say('Choose the file that ComfyUI wrote.'),
      },
      act: async ({ house, input: { provider, name, workflow } }) =>
        draftOfWorkflow(house, { provider, name, text: await textOf(workflow) }),
    }),
  },
  LONGEST_RECORD,
)

export default function AddModelPage() {
  return <AddModel {...useLoaderData<typeof loader>()} answer={useActionData<typeof action>()} />
}
