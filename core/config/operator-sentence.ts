import { isAppError } from '../errors/errors.ts'
import { translatorFor } from '../i18n/translate.ts'
import { scrubError, scrubText } from '../log/scrub.ts'

/** What stops a start or a command, for whoever runs this installation: what is wrong, and what to do next where we know. */
export interface Advice {
  says: string
  mend?: string
}

/**
 * The advice for an error that the operator can mend; undefined for a fault of ours, which should show where it is. Errors of
 * the system and of the two databases are told by their codes, for their own messages say nothing of what to do.
 */
export function adviceOn(error: unknown): Advice | undefined {
  if (isAppError(error)) return { says: translatorFor('en').t(error.sentence) }
  if (!(error instanceof Error)) return undefined
  const fault: Fault = error instanceof AggregateError && error.errors[0] ? error.errors[0] : error
  const known = ofNetwork(fault) ?? ofPostgres(fault) ?? ofSqlite(fault) ?? ofFiles(fault)
  if (known) return known
  // Sentences of ours are thrown as plain errors. One with a code comes from elsewhere.
  return error.constructor === Error || error.name === 'ConfigError'
    ? { says: scrubText(error.message) }
    : undefined
}

/** The same in one line. */
export function sentenceOf(error: unknown): string | undefined {
  const advice = adviceOn(error)
  return advice && [advice.says, advice.mend].filter(Boolean).join(' ')
}

/** A fault of ours, for a terminal: its type, message and place, without what a driver hangs on it. */
export function faultLines(error: unknown): string {
  const clean = scrubError(error)
  if (typeof clean !== 'object' || clean === null) return `a value that is no error (${typeof error})`
  const { type = 'Error', message = '', stack = [] } = clean as Record<string, unknown>
  return [`${type}: ${message}`, ...(stack as string[]).map((frame) => `    ${frame}`)].join('\n')
}

interface Fault extends NodeJS.ErrnoException {
  hostname?: string
  address?: string
  port?: number
}

const lookAtUrls = 'Look at DATABASE_URL, and at KEYRING_URL where it is set, and whether that server runs.'

/** The databases are the only servers that a start and the commands have to reach. */
function ofNetwork({ code, message, hostname, address, port }: Fault): Advice | undefined {
  const server = hostname ?? (address && `${address}${port ? `:${port}` : ''}`) ?? 'that is set'
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return { says: `The database server ${server} cannot be found.`, mend: lookAtUrls }
  if (code && /^(ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)$/.test(code))
    return { says: `The database server ${server} does not answer (${code}).`, mend: lookAtUrls }
  if (/^Connection terminated|timeout exceeded when trying to connect/.test(message))
    return { says: 'The database server ended the connection.', mend: lookAtUrls }
  if (code && /CERT|^UNABLE_TO_(GET|VERIFY)/.test(code))
    return {
      says: `The certificate of the database server is not believed (${code}).`,
      mend: 'Give the certificate of its authority in NODE_EXTRA_CA_CERTS.',
    }
}

/** Appendix A of PostgreSQL's manual, "Error Codes". */
const postgresCodes: Readonly<Record<string, Advice>> = {
  '28P01': {
    says: 'The database server refuses the password.',
    mend: 'Set it right in DATABASE_URL, or in KEYRING_URL.',
  },
  '28000': {
    says: 'The database server does not let this user in.',
    mend: 'Look at the user in DATABASE_URL and KEYRING_URL, and at pg_hba.conf.',
  },
  '3D000': {
    says: 'The database server has no database of that name.',
    mend: 'Make it (createdb), or set the name right in DATABASE_URL or KEYRING_URL.',
  },
  '42501': {
    says: 'The database user may not do what is needed.',
    mend: 'Make it the owner of the database: alter database … owner to …',
  },
  '53300': {
    says: 'The database server has no connection left.',
    mend: 'Raise its max_connections, or end other clients.',
  },
  '57P03': { says: 'The database server is just starting.', mend: 'Try again in a moment.' },
  '53100': { says: 'The disk of the database server is full.', mend: 'Make room there.' },
}

function ofPostgres({ code, message }: Fault): Advice | undefined {
  if (code && Object.hasOwn(postgresCodes, code)) return postgresCodes[code]
  if (message.startsWith('SASL:'))
    return {
      says: 'The database server wants a password.',
      mend: 'Put one into DATABASE_URL, or into KEYRING_URL.',
    }
}

/** https://www.sqlite.org/rescode.html */
function ofSqlite({ code }: Fault): Advice | undefined {
  if (typeof code !== 'string' || !code.startsWith('SQLITE_')) return undefined
  const is = (...names: string[]) =>
    names.some((name) => code === `SQLITE_${name}` || code.startsWith(`SQLITE_${name}_`))
  if (is('READONLY', 'CANTOPEN', 'PERM', 'AUTH'))
    return {
      says: `A database file in DATA_DIR cannot be opened for writing (${code}).`,
      mend: 'Give that folder and all in it to the user that runs Fairframe, with chown -R.',
    }
  if (is('NOTADB', 'CORRUPT'))
    return {
      says: `A database file in DATA_DIR is damaged, or is none (${code}).`,
      mend: 'Keep a copy of the folder as it is, and restore the newest backup.',
    }
  if (is('FULL')) return noRoom
  if (is('BUSY', 'LOCKED'))
    return {
      says: `Another process holds the database (${code}).`,
      mend: 'Wait until it has ended, or end it, and try again.',
    }
  if (is('IOERR'))
    return {
      says: `The disk under DATA_DIR fails to read or write (${code}).`,
      mend: 'Look at the disk; SQLite needs a local one.',
    }
}

const noRoom: Advice = { says: 'The disk is full.', mend: 'Make room where DATA_DIR lies.' }

function ofFiles({ code, path, syscall }: Fault): Advice | undefined {
  if (code === 'ENOSPC' || code === 'EDQUOT') return noRoom
  if (!path) return undefined
  const user = process.getuid?.()
  if (code === 'EACCES' || code === 'EPERM')
    return {
      says: `${path} may not be read or written by this user (${user ?? 'unknown'}).`,
      mend: 'Run this as the user that owns DATA_DIR, or give the folder to this one with chown -R.',
    }
  if (code === 'EROFS')
    return {
      says: `${path} lies on a disk that is read-only.`,
      mend: 'Set DATA_DIR to a folder that can be written.',
    }
  if ((syscall === 'mkdir' || syscall === 'open') && code && /^(ENOTDIR|EEXIST|ENOENT|EISDIR)$/.test(code))
    return {
      says: `${path} cannot be made or opened (${code}).`,
      mend: 'Set DATA_DIR to a folder that can be written, and look at what lies there.',
    }
}
