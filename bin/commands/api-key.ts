import { InvalidArgumentError, Option } from 'commander'
import { addressHash } from '#app/accounts/addresses.ts'
import { createApiKey } from '#app/accounts/api-keys.ts'
import { subjectByHash } from '#app/accounts/subjects.queries.ts'
import type { ApiScope } from '#core/db/schema/accounts.ts'
import { type AddTo, type Io, Unusable, withHouse } from './running.ts'

const scopes: readonly ApiScope[] = ['generations:read', 'generations:write']

interface Wanted {
  email: string
  name: string
  scope?: ApiScope[]
  json?: boolean
}

/** `fairframe api-key create`: prints the key and nothing else, so that a script can take it. */
export const addApiKeyCommands: AddTo = (program, io) => {
  const keys = program.command('api-key').description('Keys for programs')
  keys
    .command('create')
    .description('Makes a key for an account and prints it, once. It works for a year.')
    .requiredOption('--email <address>', 'whose key it is')
    .requiredOption('--name <text>', 'what it is for, so that its owner knows it again', named)
    .addOption(
      new Option('--scope <scopes...>', 'what it may do').choices(scopes).default(undefined, 'everything'),
    )
    .option('--json', 'answer as JSON')
    .action((wanted: Wanted) => create(io, wanted))
}

async function create(io: Io, wanted: Wanted): Promise<void> {
  const made = await withHouse(io, async (house) => {
    const hash = await addressHash(house.keyring, wanted.email)
    const subject = await subjectByHash(house.db.read, hash)
    if (!subject)
      throw new Unusable('There is no account with this address. Make one with: fairframe user create')
    if (subject.status !== 'active')
      throw new Unusable(`This account is ${subject.status}, so a key of it would not work.`)
    return createApiKey(
      house,
      { kind: 'command', id: 'fairframe' },
      { subject: subject.id, name: wanted.name, scopes: wanted.scope },
    )
  })
  io.out(wanted.json ? JSON.stringify({ ok: true, ...made }) : made.key)
}

function named(text: string): string {
  const name = text.trim()
  if (name.length < 1 || name.length > 60) throw new InvalidArgumentError('A name has 1 to 60 characters.')
  return name
}
