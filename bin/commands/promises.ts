import { openWorkshop } from '#app/open-house.ts'
import { runPromises, type Standing } from '#compliance/promises/run.ts'
import { translatorFor } from '#core/i18n/translate.ts'
import { promiseGround } from '#jobs/promises.ts'
import { type AddTo, onRecord, withHouse } from './running.ts'

/** `fairframe promises`: looks now, instead of within the hour. */
export const addPromises: AddTo = (program, io, ended) => {
  program
    .command('promises')
    .description(
      'Looks whether what the service promises is so. Ends with 1 when a promise is broken or could not be looked at.',
    )
    .argument('[ids...]', 'only these, such as T1 S2')
    .option('--json', 'answer as JSON')
    .action(async (ids: string[], { json }: { json?: boolean }) => {
      const standings = await withHouse(io, async (house) => {
        await onRecord(house, { act: 'promises.check_asked' })
        const wanted = ids.length > 0 ? ids.map((id) => id.toUpperCase()) : undefined
        // Only M7 reads files. Without ffmpeg or a signing engine the rest can still be looked at.
        const reads = wanted === undefined || wanted.includes('M7')
        const workshop = reads ? await openWorkshop(house).catch(() => undefined) : undefined
        try {
          return await runPromises(await promiseGround(house, workshop?.engine), { ids: wanted })
        } finally {
          await workshop?.close()
        }
      })
      if (json) io.out(JSON.stringify(standings.map(plain)))
      else for (const standing of standings) io.out(lineOf(standing))
      ended(
        standings.length > 0 && standings.every(({ state }) => state === 'kept' || state === 'not_made')
          ? 0
          : 1,
      )
      if (standings.length === 0)
        io.error('There is no promise of that name. For all of them, run: fairframe promises')
    })
}

const english = translatorFor('en')

function plain({ id, state, sentence, evidence, checkedAt }: Standing) {
  return { id, state, sentence: english.t(sentence), evidence, checked_at: checkedAt }
}

function lineOf({ id, state, sentence, evidence }: Standing): string {
  const facts = Object.entries(evidence)
    .filter(([name, value]) => !name.startsWith('next') && value !== null && value !== '')
    .map(([name, value]) => `${name.replaceAll('_', ' ')} ${value}`)
  return `${id}  ${state.replace('_', ' ').padEnd(8)}  ${english.t(sentence)}\n              ${facts.join(', ')}`
}
