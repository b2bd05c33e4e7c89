import { readFile } from 'node:fs/promises'
import { InvalidArgumentError, Option } from 'commander'
import { addressSchema } from '#app/accounts/accounts.schema.ts'
import { insertAccount, prepareAccount } from '#app/accounts/new-account.ts'
import { assertAcceptable } from '#app/accounts/passwords.ts'
import { isRegion } from '#app/accounts/regions.ts'
import { appendAudit, prepareEntry } from '#compliance/records/audit.ts'
import { command } from '#core/actor.ts'
import type { Role } from '#core/db/schema/accounts.ts'
import { type AddTo, type Io, Unusable, withHouse } from './running.ts'

const roles = ['person', 'owner', 'privacy-officer', 'moderator', 'support', 'auditor'] as const

interface Wanted {
  email: string
  password?: string
  passwordFile?: string
  role: (typeof roles)[number]
  credits?: number
  region: string
  json?: boolean
}

/** `fairframe user create`: an account that can sign in at once. */
export const addUserCommands: AddTo = (program, io) => {
  const user = program.command('user').description('Accounts')
  user
    .command('create')
    .description(
      'Makes an account whose address counts as confirmed. By this you say that its person is old enough where they live.',
    )
    .requiredOption('--email <address>', 'its mail address', address)
    .option('--password-file <path>', 'a file with the password; - reads it from standard input')
    .option(
      '--password <text>',
      'the password itself; others on this machine can see it while the command runs',
    )
    .addOption(new Option('--role <role>', 'what it may do').choices(roles).default('person'))
    .option('--credits <number>', 'credits to begin with (default: WELCOME_CREDITS)', whole)
    .option(
      '--region <code>',
      'where its person lives: a country such as DE, or a state such as US-CA',
      region,
      'DE',
    )
    .option('--json', 'answer as JSON')
    .action((wanted: Wanted) => create(io, wanted))
}

async function create(io: Io, wanted: Wanted): Promise<void> {
  const password = await passwordFrom(io, wanted)
  assertAcceptable(password, wanted.email)
  const role = wanted.role.replace('-', '_') as Role
  const made = await withHouse(io, async (house) => {
    const { config, db } = house
    const credits = wanted.credits ?? config.welcomeCredits
    const account = await prepareAccount(house, {
      email: wanted.email,
      password,
      region: wanted.region,
      locale: 'en',
      timeZone: 'UTC',
      role,
      verified: true,
    })
    const { id } = account.row
    const entry = await prepareEntry(house, {
      actor: command,
      act: 'account.created_by_command',
      target: { kind: 'subject', id },
      detail: { role, credits, region: wanted.region },
    })
    await db.transaction(async (tx) => {
      if (!(await insertAccount(tx, account, { amount: credits, actor: 'command:fairframe' })))
        throw new Unusable('There is an account with this address already. Use another one.')
      await appendAudit(tx, entry)
    })
    return { id, role, region: wanted.region, credits }
  })
  io.out(
    wanted.json
      ? JSON.stringify({ ok: true, ...made })
      : `Made ${made.id} (${wanted.role}, ${made.region}) with ${made.credits} credits. It can sign in now.`,
  )
}

async function passwordFrom(io: Io, wanted: Wanted): Promise<string> {
  if (wanted.password !== undefined && wanted.passwordFile !== undefined)
    throw new Unusable('Give either --password or --password-file, not both.')
  if (wanted.password !== undefined) return wanted.password
  if (wanted.passwordFile === undefined)
    throw new Unusable('Give the password with --password-file or --password.')
  const text = wanted.passwordFile === '-' ? await allOf(io.stdin) : await fileAt(wanted.passwordFile)
  // Editors and echo end a file with a line's end, which nobody means.
  return text.replace(/\r?\n$/, '')
}

async function allOf(stdin: Io['stdin']): Promise<string> {
  const pieces: Buffer[] = []
  for await (const piece of stdin) pieces.push(Buffer.from(piece))
  return Buffer.concat(pieces).toString('utf8')
}

function fileAt(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => {
    throw new Unusable(`${path} cannot be read.`)
  })
}

function address(text: string): string {
  const result = addressSchema.safeParse({ email: text })
  if (!result.success) throw new InvalidArgumentError('It is no mail address.')
  return result.data.email
}

function whole(text: string): number {
  const number = Number(text)
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It is no whole number from 0 up.')
  return number
}

function region(text: string): string {
  if (!isRegion(text))
    throw new InvalidArgumentError('It is no region: use two letters such as DE, or a state such as US-CA.')
  return text
}
