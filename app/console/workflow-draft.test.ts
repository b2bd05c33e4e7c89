/**
 * Pins: a draft whose endpoint its own driver refuses; a workflow of the editor taken for one that runs; a server that is
 * away and takes the draft with it; what the server lacks, not said.
 */
import { expect, onTestFinished, test } from 'vitest'
import { wan22Text } from '#app/studio/providers/comfyui/workflows/wan-2.2-14b-text.ts'
import { comfyuiDouble } from '#test/doubles/providers/comfyui.ts'
import { aHouse, aPerson } from '#test/factories/house.ts'
import { listModels } from './catalogue.ts'
import { addModel } from './model-acts.ts'
import { connectProvider } from './provider-acts.ts'
import { asStaff } from './testing.ts'
import { draftOfWorkflow, workflowServers } from './workflow-draft.ts'

test('an uploaded workflow becomes a draft that can be added as it is', async () => {
  const { house, owner, double } = await aServer()
  expect(await workflowServers(house)).toEqual([{ id: 'comfyui', title: 'Our GPU' }])
  const text = JSON.stringify(wan22Text.graph)
  const draft = await draftOfWorkflow(house, { provider: 'comfyui', name: 'Wan, at home!', text })
  expect(draft).toMatchObject({ missing: [], problems: [] })
  expect(draft.bound).toContainEqual({ field: 'prompt', at: '6.text', node: expect.stringContaining('text') })
  const { id } = await addModel(house, owner, draft.text)
  expect(id).toBe('wan-at-home')
  expect((await listModels(house)).find((model) => model.id === id)).toMatchObject({
    own: true,
    routes: { all: 1 },
  })

  delete double.nodes.KSamplerAdvanced
  const lacking = await draftOfWorkflow(house, { provider: 'comfyui', name: 'Wan', text })
  expect(lacking.problems?.[0]?.values).toMatchObject({ name: 'KSamplerAdvanced' })
  await double.close()
  const away = await draftOfWorkflow(house, { provider: 'comfyui', name: 'Wan', text })
  expect(away).toMatchObject({ problems: null, text: lacking.text })
})

test('what is no workflow is refused with what to do', async () => {
  const { house } = await aServer()
  for (const text of ['{', '[]', JSON.stringify({ nodes: [], links: [] })])
    await expect(draftOfWorkflow(house, { provider: 'comfyui', name: 'x', text })).rejects.toMatchObject({
      code: 'workflow_refused',
      sentence: { text: expect.stringContaining('Export (API)') },
    })
  const text = JSON.stringify(wan22Text.graph)
  await expect(draftOfWorkflow(house, { provider: 'kie', name: 'x', text })).rejects.toMatchObject({
    status: 404,
  })
})

async function aServer() {
  const house = await aHouse()
  const owner = asStaff((await aPerson(house, { role: 'owner' })).id, 'owner')
  const double = await comfyuiDouble()
  onTestFinished(() => double.close())
  const form = { 'address.server': double.addresses.server, title: 'Our GPU', how: 'on' } as const
  await connectProvider(house, owner, 'comfyui', { ...form, key: double.key })
  return { house, owner, double }
}
