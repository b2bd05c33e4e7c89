import type { Config } from '#core/config/config.ts'
import { adviceOn, faultLines } from '#core/config/operator-sentence.ts'
import { ConfigError } from '#core/config/read-env.ts'
import type { Finding } from './doctor.finding.ts'
import { good, wrong } from './doctor.finding.ts'
import * as house from './doctor.house.ts'
import * as machine from './doctor.machine.ts'
import { type AddTo, configFrom, type Io, Unusable, withHouse } from './running.ts'

/** `fairframe doctor`: what is wrong with this installation and how to mend it. */
export const addDoctor: AddTo = (program, io, ended) => {
  program
    .command('doctor')
    .description(
      'Says what is wrong with this installation and how to mend it. Ends with 1 when something is.',
    )
    .option('--json', 'answer as JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const findings = await examine(io)
      const bad = findings.filter(({ state }) => state === 'error').length
      const doubtful = findings.filter(({ state }) => state === 'warning').length
      if (json) io.out(JSON.stringify({ ok: bad === 0, findings }))
      else show(io, findings, bad, doubtful)
      ended(bad === 0 ? 0 : 1)
    })
}

/** Everything there is to see; what cannot be looked at because something before it is wrong is left out. */
async function examine(io: Io): Promise<Finding[]> {
  const findings: Finding[] = [machine.node()]
  const config = readConfig(io)
  if (!('dataDir' in config)) return [...findings, config]
  findings.push(good('settings', 'read'))
  const folders = await machine.folder(config)
  findings.push(...folders, machine.address(config))
  findings.push(await machine.ffmpeg(config), await machine.mail(config))
  // An installation that does not exist yet is not made by looking at it.
  if (folders.some(({ about, state }) => about === 'folder' && state === 'error')) return findings
  try {
    await withHouse(io, async (open) => {
      findings.push(good('database', open.db.location))
      findings.push(...(await house.keyring(open)), await house.storage(open), await house.provenance(open))
      findings.push(...(await house.worker(open)), await house.promiseStates(open))
    })
  } catch (error) {
    const advice = error instanceof Unusable ? { says: error.message } : adviceOn(error)
    const { says, mend } = advice ?? { says: `A fault of Fairframe's own: ${faultLines(error)}` }
    findings.push(wrong('house', says, mend ?? 'Mend this first; the rest can only be looked at then.'))
  }
  return findings
}

function readConfig(io: Io): Config | Finding {
  try {
    return configFrom(io)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return wrong('settings', error.message, 'Set it right in the environment.')
  }
}

const marks = { good: 'ok', warning: 'look', error: 'wrong' } as const

function show(io: Io, findings: readonly Finding[], bad: number, doubtful: number): void {
  for (const { about, state, says, mend } of findings)
    io.out(`${marks[state].padEnd(6)} ${about}: ${says}${mend ? `\n       → ${mend}` : ''}`)
  if (bad > 0) io.out(`${bad} wrong, ${doubtful} to look at.`)
  else io.out(doubtful > 0 ? `Nothing is wrong, ${doubtful} to look at.` : 'Nothing is wrong.')
}
