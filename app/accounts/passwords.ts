import { hash as argonHash, verify as argonVerify } from '@node-rs/argon2'
import { AppError } from '#core/errors/errors.ts'
import { say } from '#core/i18n/say.ts'
import { commonPasswords } from './common-passwords.ts'

/**
 * Passwords: 8 to 128 characters, hashed exactly as received, with no rules of composition (OWASP ASVS 5.0, 6.2), by
 * argon2id at OWASP's minimum (Password Storage Cheat Sheet: 19 MiB, 2 passes, 1 lane).
 */
export const cost = { memoryCost: 19456, timeCost: 2, parallelism: 1 } as const

/** Throws a sentence for the form when the password is too short, too long or known to everybody. */
export function assertAcceptable(password: string, email: string): void {
  const refuse = (code: string, sentence: ReturnType<typeof say>) => {
    throw new AppError(code, sentence, { fields: { password: sentence } })
  }
  const length = [...password].length
  if (length < 8)
    refuse('password_short', say('Use at least 8 characters. A few words together are easy to remember.'))
  if (length > 128) refuse('password_long', say('Use at most 128 characters.'))
  const plain = password.toLowerCase()
  const local = email.split('@')[0]?.toLowerCase() ?? ''
  if (
    commonPasswords.has(plain) ||
    commonPasswords.has(plain.replace(/[0-9!.]+$/, '')) ||
    /^(.)\1+$/.test(plain) ||
    plain === email.toLowerCase() ||
    (local.length > 3 && plain.replace(/[0-9!.]+$/, '') === local)
  )
    refuse(
      'password_common',
      say('This password is one of the first that others would try. Choose another one.'),
    )
}

export async function hashPassword(password: string): Promise<string> {
  return gate(() => argonHash(password, cost))
}

/** Never throws: a malformed hash fits no password. */
export async function passwordFits(hash: string, password: string): Promise<boolean> {
  return gate(() => argonVerify(hash, password).catch(() => false))
}

/** For an address that nobody has, so that its answer takes as long as any other. */
export async function spendTheTime(password: string): Promise<void> {
  await passwordFits(nobodysHash, password)
}

const nobodysHash = await argonHash(crypto.randomUUID(), cost)

/** Does a stored hash stand at the configured cost or above? (promise C2; a lower one is made anew at sign-in) */
export function atCost(hash: string): boolean {
  const parts = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$/.exec(hash)
  return parts !== null && Number(parts[1]) >= cost.memoryCost && Number(parts[2]) >= cost.timeCost
}

// Hashing runs in the pool of threads that files share: a burst of sign-ins must not starve the downloads.
let running = 0
const waiting: (() => void)[] = []

async function gate<T>(work: () => Promise<T>): Promise<T> {
  if (running >= 3) await new Promise<void>((go) => waiting.push(go))
  running += 1
  try {
    return await work()
  } finally {
    running -= 1
    waiting.shift()?.()
  }
}
