import { Command, CommanderError } from 'commander'
import { faultLines, sentenceOf } from '#core/config/operator-sentence.ts'
import { isAppError } from '#core/errors/errors.ts'
import { addApiKeyCommands } from './api-key.ts'
import { addAuditCommands } from './audit.ts'
import { addDoctor } from './doctor.ts'
import { addKeysCommands } from './keys.ts'
import { addMigrate } from './migrate.ts'
import { addPromises } from './promises.ts'
import { type Io, Unusable } from './running.ts'
import { addUserCommands } from './user.ts'

/** How a command ended: 0 it is done or well, 1 it is not, 2 it was called wrongly. */
export type ExitCode = 0 | 1 | 2

const standardIo: Io = {
  out: (line) => void process.stdout.write(`${line}\n`),
  error: (line) => void process.stderr.write(`${line}\n`),
  env: process.env,
  stdin: process.stdin,
}

/** Runs the command in `argv` (as in `process.argv`) and answers its exit code. */
export async function main(argv: readonly string[], io: Io = standardIo): Promise<ExitCode> {
  let code: ExitCode = 0
  const program = new Command('fairframe')
    .description('Looks after a Fairframe installation. It may run while the server runs.')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.out(text.trimEnd()),
      writeErr: (text) => io.error(text.trimEnd()),
    })
    .showHelpAfterError('Try --help.')
  const ended = (result: ExitCode) => {
    code = result
  }
  for (const add of [
    addUserCommands,
    addApiKeyCommands,
    addDoctor,
    addAuditCommands,
    addMigrate,
    addKeysCommands,
    addPromises,
  ])
    add(program, io, ended)
  try {
    await program.parseAsync([...argv])
    return code
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    // What a person can mend is a sentence; a fault of ours shows where it is too.
    const known = error instanceof Unusable ? error.message : sentenceOf(error)
    const message = known ?? 'Fairframe met a fault of its own. Report it with the lines that follow, please.'
    io.error(known === undefined ? `${message}\n${faultLines(error)}` : message)
    if (argv.includes('--json'))
      io.out(JSON.stringify({ ok: false, error: isAppError(error) ? error.code : 'failed', message }))
    return 1
  }
}
