import { createHash } from 'node:crypto'
import { type Adapter, Lucia, TimeSpan } from 'lucia'
import { isStaff } from '#app/accounts/permissions.ts'
import { type Clock, DAY, HOUR, MINUTE, SECOND } from '#core/clock/clock.ts'
import type { SubjectTable } from '#core/db/schema/accounts.ts'
import type { Db } from '#core/db/schema/schema.ts'
import type { SubjectId } from '#core/ids/ids.ts'

/**
 * Sessions, by lucia behind this one file (nobody else imports it). Its adapter stores the hash of the token, so a
 * leaked database signs nobody in; what it lacks is done here: an absolute end, shorter times for staff, and a cookie
 * parser that does not throw at a stray cookie.
 */
declare module 'lucia' {
  interface Register {
    Lucia: Lucia
    UserId: SubjectId
    DatabaseSessionAttributes: { auth_method: string; device_class: string }
  }
}

export interface Session {
  /** The stored hash: names the session without opening it. */
  id: string
  subject: SubjectTable
}

const IDLE = new TimeSpan(14, 'd')
const limits = {
  person: { idle: 14 * DAY, absolute: 60 * DAY },
  staff: { idle: 12 * HOUR, absolute: 24 * HOUR },
}

export interface Sessions {
  cookieName: string
  start(subject: SubjectId, meta: { authMethod: string; deviceClass: string }): Promise<{ cookie: string }>
  read(cookieHeader: string | undefined): Promise<Session | undefined>
  end(session: Session): Promise<{ cookie: string }>
  list(subject: SubjectId): Promise<ListedSession[]>
  endOthers(session: Session): Promise<number>
}

export interface ListedSession {
  id: string
  deviceClass: string
  createdAt: number
  lastSeenAt: number
}

export function openSessions(ground: { db: Db; clock: Clock }, appUrl: URL): Sessions {
  const { db, clock } = ground
  const secure = appUrl.protocol === 'https:'
  // The prefix makes the browser insist on Secure, this host and the whole path; it is refused on plain HTTP.
  const cookieName = secure ? '__Host-session' : 'session'
  const lucia = new Lucia(adapterOn(db, clock), {
    sessionExpiresIn: IDLE,
    sessionCookie: { name: cookieName, attributes: { secure, sameSite: 'lax', path: '/' } },
  })
  const blank = () => lucia.createBlankSessionCookie().serialize()
  return {
    cookieName,
    async start(subject, meta) {
      const session = await lucia.createSession(subject, {
        auth_method: meta.authMethod,
        device_class: meta.deviceClass,
      })
      const cookie = lucia.createSessionCookie(session.id)
      // lucia would let the cookie go after the idle time even when it is used daily: it is sent only once.
      cookie.attributes.maxAge = limits.person.absolute / SECOND
      return { cookie: cookie.serialize() }
    },
    async read(cookieHeader) {
      const token = cookieOf(cookieHeader, cookieName)
      if (!token || !/^[a-z0-9]{40}$/.test(token)) return undefined
      const { session } = await lucia.validateSession(token)
      if (!session) return undefined
      const id = hashOf(token)
      const row = await db.read
        .selectFrom('session as s')
        .innerJoin('subject as p', 'p.id', 's.subject_id')
        .selectAll('p')
        .select(['s.created_at as session_created_at', 's.last_seen_at as session_seen_at'])
        .where('s.id', '=', id)
        .executeTakeFirst()
      if (!row) return undefined
      const { session_created_at: created, session_seen_at: seen, ...subject } = row
      const now = clock.now()
      const limit = isStaff(subject.role) ? limits.staff : limits.person
      if (subject.status !== 'active' || now > created + limit.absolute || now > seen + limit.idle) {
        await lucia.invalidateSession(token)
        return undefined
      }
      if (seen < now - MINUTE)
        await db.transaction((tx) =>
          tx.updateTable('session').set({ last_seen_at: now }).where('id', '=', id).execute(),
        )
      return { id, subject }
    },
    async end(session) {
      await db.transaction((tx) => tx.deleteFrom('session').where('id', '=', session.id).execute())
      return { cookie: blank() }
    },
    async list(subject) {
      const rows = await db.read
        .selectFrom('session')
        .selectAll()
        .where('subject_id', '=', subject)
        .where('expires_at', '>', clock.now())
        .orderBy('last_seen_at', 'desc')
        .execute()
      return rows.map((row) => ({
        id: row.id,
        deviceClass: row.device_class,
        createdAt: row.created_at,
        lastSeenAt: row.last_seen_at,
      }))
    },
    async endOthers(session) {
      const gone = await db.transaction((tx) =>
        tx
          .deleteFrom('session')
          .where('subject_id', '=', session.subject.id)
          .where('id', '<>', session.id)
          .executeTakeFirst(),
      )
      return Number(gone.numDeletedRows)
    },
  }
}

function adapterOn(db: Db, clock: Clock): Adapter {
  return {
    async getSessionAndUser(token) {
      const row = await db.read
        .selectFrom('session')
        .selectAll()
        .where('id', '=', hashOf(token))
        .executeTakeFirst()
      if (!row) return [null, null]
      const session = {
        id: token,
        userId: row.subject_id,
        expiresAt: new Date(row.expires_at),
        attributes: { auth_method: row.auth_method, device_class: row.device_class },
      }
      return [session, { id: row.subject_id, attributes: {} }]
    },
    // The hashes are no tokens, so lucia cannot list sessions; `Sessions.list` does.
    getUserSessions: async () => [],
    async setSession({ id, userId, expiresAt, attributes }) {
      const now = clock.now()
      const row = {
        id: hashOf(id),
        subject_id: userId,
        ...attributes,
        created_at: now,
        last_seen_at: now,
        expires_at: expiresAt.getTime(),
      }
      await db.transaction((tx) => tx.insertInto('session').values(row).execute())
    },
    async updateSessionExpiration(id, expiresAt) {
      const change = { expires_at: expiresAt.getTime() }
      await db.transaction((tx) =>
        tx.updateTable('session').set(change).where('id', '=', hashOf(id)).execute(),
      )
    },
    async deleteSession(id) {
      await db.transaction((tx) => tx.deleteFrom('session').where('id', '=', hashOf(id)).execute())
    },
    async deleteUserSessions(subject) {
      await db.transaction((tx) => tx.deleteFrom('session').where('subject_id', '=', subject).execute())
    },
    async deleteExpiredSessions() {
      await db.transaction((tx) => tx.deleteFrom('session').where('expires_at', '<=', clock.now()).execute())
    },
  }
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url')
}

/** The value of one cookie. Never throws: other programs on the same host may have set anything. */
export function cookieOf(header: string | undefined, name: string): string | undefined {
  for (const part of header?.split(';') ?? []) {
    const equals = part.indexOf('=')
    if (equals > 0 && part.slice(0, equals).trim() === name) return part.slice(equals + 1).trim()
  }
  return undefined
}
