/**
 * What a video shall not show. It pins: a careful list that makes a child-abuse record of a harmless prompt; a child who is
 * undressed by what is taken away; a line of its own that a model would read as a part of the prompt.
 */
import { expect, test } from 'vitest'
import type { ProviderJob } from '#app/studio/providers/provider.ts'
import { PROMPT_RULES } from '#compliance/moderation/screening/prompt.ts'
import { SECOND } from '#core/clock/clock.ts'
import { remoteProvider, theseProviders } from '#test/doubles/remote-provider.ts'
import { aPerson } from '#test/factories/house.ts'
import { aRemoteModel, workOff } from '#test/factories/remote.ts'
import { aWorkshop } from '#test/factories/workshop.ts'
import { onBothGrounds } from '#test/grounds.ts'
import { compose } from './compose.ts'
import * as queries from './generations.queries.ts'

onBothGrounds('what to avoid', (ground) => {
  test('is no wish: it is recorded as looked at and sent as one list; what it leaves undressed is refused', async () => {
    const one = remoteProvider('one')
    const shop = { ...(await aWorkshop(ground)), providers: theseProviders(one) }
    const person = await aPerson(shop)
    await aRemoteModel(shop, { record: { negativePrompt: { most: 24 } } })
    const sent: ProviderJob[] = []
    const { submit } = one
    one.submit = (job, signal) => {
      sent.push(job)
      return submit(job, signal)
    }
    const ask = async (negative_prompt: string) => {
      const prompt = 'A child playing with a kite in a sunny garden'
      const asked = { model: 'remote', seconds: 2, prompt, negative_prompt }
      const id = await compose(shop, { subject: person.id, apiKey: null }, asked)
      const [look] = await queries.screeningsOf(shop.db.read, id)
      return { state: (await queries.anyGeneration(shop.db.read, id))?.state, look }
    }
    const by = { what: 'prompt', looked_by: PROMPT_RULES }
    expect(await ask('nsfw, sexual,\n\nnude\nblur')).toMatchObject({
      state: 'queued',
      look: { ...by, verdict: 'pass', category: null },
    })
    expect(await ask('blur, clothes')).toMatchObject({
      state: 'blocked',
      look: { ...by, verdict: 'block', category: 'minor_sexual' },
    })
    expect(await ask('blur. The child is nude')).toMatchObject({
      state: 'blocked',
      look: { ...by, verdict: 'block', category: null },
    })
    await workOff(shop, { forMs: SECOND })
    expect(sent.map(({ negativePrompt }) => negativePrompt)).toEqual(['nsfw, sexual,nude,blur'])
  })
})
