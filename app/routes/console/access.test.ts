/**
 * Pins: a page or an act of the console that somebody reaches without the permission, by any route or method; one that
 * answers a stranger differently from a page that is not there; a new route that no guard stands before; an item in the
 * sidebar that leads to a 404, or a page that a role may open and no item leads to.
 */
import { join } from 'node:path'
import type { RouteConfigEntry } from '@remix-run/route-config'
import { expect, test } from 'vitest'
import { may, type Permission, permissions, staffRoles } from '#app/accounts/permissions.ts'
import * as subjects from '#app/accounts/subjects.queries.ts'
import { type ConsolePlace, consolePlaces } from '#app/components/console/places.ts'
import { aGeneration, aMail } from '#app/console/testing.ts'
import type { Guard } from '#app/http/load-context.ts'
import { notFound } from '#app/http/page.ts'
import type { Role, SubjectTable } from '#core/db/schema/accounts.ts'
import { newId } from '#core/ids/ids.ts'
import { aHouse, aPerson, type TestHouse } from '#test/factories/house.ts'
import { console as section } from './routes.ts'

type Guarded = ((args: never) => Promise<unknown>) & {
  guard?: Guard
  acts?: Record<string, { guard?: Guard }>
}
interface Page {
  file: string
  path: string
  loader: Guarded
  action: Guarded | undefined
}

const roles: readonly Role[] = ['person', ...staffRoles]
const pages = await Promise.all(
  flat(section).map(async ({ file, path }): Promise<Page> => {
    const module = await import(join(import.meta.dirname, '../..', file))
    return { file, path, loader: module.loader, action: module.action }
  }),
)

/** What opens which page, and which act on it. Written out, so that a guard that was changed by mistake shows. */
const table: Readonly<Record<string, Permission>> = {
  '/console': 'overview.read',
  '/console key_backed_up': 'settings.change',
  '/console/add-model': 'catalogue.change',
  '/console/add-model add': 'catalogue.change',
  '/console/add-model workflow': 'catalogue.change',
  '/console/audit': 'audit.read',
  '/console/audit reveal_note': 'audit.reveal',
  '/console/audit verify': 'audit.verify',
  '/console/generations': 'generations.read',
  '/console/generations/:id': 'generations.read',
  '/console/generations/:id cancel': 'generations.cancel',
  '/console/generations/:id reveal_prompt': 'generations.reveal',
  '/console/generations/:id reveal_video': 'generations.reveal',
  '/console/generations/:id/video': 'generations.reveal',
  '/console/jobs': 'jobs.read',
  '/console/jobs retry': 'jobs.retry',
  '/console/models': 'catalogue.read',
  '/console/models/:id': 'catalogue.read',
  '/console/models/:id cost': 'catalogue.change',
  '/console/models/:id lifecycle': 'catalogue.change',
  '/console/models/:id limits': 'catalogue.change',
  '/console/models/:id move_route': 'catalogue.change',
  '/console/models/:id price': 'catalogue.change',
  '/console/models/:id record': 'catalogue.change',
  '/console/models/:id remove_record': 'catalogue.change',
  '/console/models/:id switch': 'catalogue.change',
  '/console/models/:id switch_route': 'catalogue.change',
  '/console/outbox': 'mail.read',
  '/console/outbox/:id': 'mail.read',
  '/console/outbox/:id reveal_mail': 'mail.reveal',
  '/console/outbox/:id retry_mail': 'mail.retry',
  '/console/people': 'people.find',
  '/console/people find': 'people.find',
  '/console/people/:id': 'people.read',
  '/console/people/:id credits': 'people.credits',
  '/console/people/:id reinstate': 'people.suspend',
  '/console/people/:id role': 'people.roles',
  '/console/people/:id suspend': 'people.suspend',
  '/console/people/:id unmask': 'people.unmask',
  '/console/promises': 'promises.read',
  '/console/promises check': 'promises.check',
  '/console/providers': 'catalogue.read',
  '/console/providers/:id': 'catalogue.read',
  '/console/providers/:id connect': 'catalogue.change',
  '/console/providers/:id dismiss': 'catalogue.change',
  '/console/providers/:id key': 'catalogue.change',
  '/console/providers/:id limits': 'catalogue.change',
  '/console/providers/:id register': 'processors.change',
  '/console/providers/:id remove': 'catalogue.change',
  '/console/providers/:id settings': 'catalogue.change',
  '/console/providers/:id switch': 'catalogue.change',
  '/console/providers/:id test': 'catalogue.change',
  '/console/providers/:id webhook_secret': 'catalogue.change',
  '/console/settings': 'settings.read',
  '/console/settings credit': 'settings.change',
  '/console/settings change': 'settings.change',
}

test('every page and every act asks for its permission', () => {
  const found = pages.flatMap(({ path, loader, action }) => [
    [path, permissionOf(loader)],
    ...(action ? [[path, permissionOf(action)]] : []),
    ...Object.entries(action?.acts ?? {}).map(([act, guarded]) => [`${path} ${act}`, permissionOf(guarded)]),
  ])
  expect(Object.fromEntries(found)).toEqual(table)
  // A page's action is open to whoever may open the page; the acts stand behind their own guards.
  for (const { loader, action } of pages) if (action) expect(permissionOf(action)).toBe(permissionOf(loader))
})

for (const role of roles) {
  test(`${role} reaches what the table of permissions says, and nothing else is there`, async () => {
    const { house, ids } = await inhabited()
    const subject = await subjectOf(house, role)
    for (const page of pages) {
      const allowed = may(role, permissionOf(page.loader))
      expect(await ask(page, { house, subject, ids }), page.file).toMatchObject({ refused: !allowed })
      for (const [act, guarded] of Object.entries(page.action?.acts ?? {})) {
        const mayAct = may(role, permissionOf(guarded))
        const answer = await ask(page, { house, subject, ids, act })
        expect(answer, `${page.file} ${act}`).toMatchObject({ refused: !mayAct })
      }
      if (!page.action) continue
      const answer = await ask(page, { house, subject, ids, act: 'constructor' })
      expect(answer, page.file).toMatchObject({ refused: true, status: 404 })
    }
  })
}

test('whoever is signed out is sent to the sign-in', async () => {
  const { house, ids } = await inhabited()
  for (const page of pages) {
    const acts = page.action
      ? [undefined, 'no-such-act', ...Object.keys(page.action.acts ?? {})]
      : [undefined]
    for (const act of acts)
      expect(await ask(page, { house, ids, act }), page.file).toEqual({
        to: `/sign-in?to=${encodeURIComponent(page.path)}`,
      })
  }
})

test('what is under no id is not there, for the owner too', async () => {
  const { house } = await inhabited()
  const subject = await subjectOf(house, 'owner')
  const wrong = [newId('subject', 1), newId('generation', 1), newId('mail', 1), 'x', "' or 1=1 --", '']
  for (const page of pages.filter(({ path }) => path.includes(':id')))
    for (const id of wrong) {
      const ids = Object.fromEntries(
        ['people', 'generations', 'outbox', 'models', 'providers'].map((kind) => [kind, id]),
      )
      expect(await ask(page, { house, subject, ids }), `${page.path} ${id}`).toMatchObject({ status: 404 })
      for (const act of Object.keys(page.action?.acts ?? {})) {
        const answer = await ask(page, { house, subject, ids, act, reason: 'a good reason' })
        expect([404, 422], `${page.path} ${act}`).toContain(answer.status)
      }
    }
})

test('the sidebar shows a role exactly the pages that it may open', async () => {
  const { house, ids } = await inhabited()
  const layout = pages.find(({ file }) => file.endsWith('layout.tsx'))
  for (const role of staffRoles) {
    const { result } = await ask(layout as Page, { house, ids, subject: await subjectOf(house, role) })
    const shown = (result as { places: ConsolePlace[] }).places
    for (const [place, { to }] of Object.entries(consolePlaces)) {
      const page = pages.find(({ path, file }) => path === to && !file.endsWith('layout.tsx'))
      const allowed = may(role, permissionOf(page?.loader))
      expect(shown.includes(place as ConsolePlace), `${place} for ${role}`).toBe(allowed)
    }
  }
})

test('the owner has every permission and a person none', () => {
  for (const permission of Object.keys(permissions) as Permission[]) {
    expect(may('owner', permission)).toBe(true)
    expect(may('person', permission)).toBe(false)
  }
})

interface Question {
  house: TestHouse
  subject?: SubjectTable
  ids: Readonly<Record<string, string>>
  act?: string | undefined
  reason?: string
}

interface Answered {
  to?: string | null
  refused?: boolean
  status?: number
  result?: unknown
}

/** How a request is answered: sent elsewhere, refused as if nothing were there, or let through with a status. */
async function ask(page: Page, { house, subject, ids, act, reason }: Question): Promise<Answered> {
  const body = new URLSearchParams({ intent: act ?? '', ...(reason ? { reason } : {}) })
  const args = {
    context: {
      house,
      session: subject && { id: 'session', subject },
      visitor: { address: '127.0.0.1' },
      site: { name: 'Test' },
      theme: undefined,
      locale: 'en',
      traceId: 'trace',
    },
    params: { id: ids[page.path.split('/')[2] ?? ''] },
    request: new Request(
      `http://localhost:3000${page.path}`,
      act === undefined ? {} : { method: 'POST', body },
    ),
  }
  interface Given {
    data?: { sentence?: { text: string }; refusal?: { sentence: { text: string } } }
    init?: { status?: number } | null
  }
  const read = ({ data, init }: Given) => {
    const sentence = data?.refusal?.sentence ?? data?.sentence
    return { refused: sentence?.text === notFound().sentence.text, status: init?.status ?? 200 }
  }
  try {
    const result = await (act === undefined ? page.loader : page.action)?.(args as never)
    if (result instanceof Response)
      return { refused: (await result.text()) === notFound().sentence.text, status: result.status }
    return { ...read((result ?? {}) as Given), result }
  } catch (error) {
    if (error instanceof Response) return { to: error.headers.get('location') }
    if (!(error as Given).init) throw error
    return read(error as Given)
  }
}

async function inhabited() {
  const house = await aHouse()
  const anna = await aPerson(house)
  const mail = await aMail(house, { subject: anna.id, address: anna.email }, false)
  return {
    house,
    ids: {
      people: anna.id,
      generations: await aGeneration(house, anna.id),
      outbox: mail,
      models: 'storyboard',
      providers: 'kie',
    },
  }
}

async function subjectOf(house: TestHouse, role: Role): Promise<SubjectTable> {
  const { id } = await aPerson(house, { role })
  return (await subjects.subjectById(house.db.read, id)) as SubjectTable
}

function permissionOf(guarded: { guard?: Guard } | undefined): Permission {
  const guard = guarded?.guard
  const permission = typeof guard === 'object' ? guard.staff : undefined
  if (!permission || !(permission in permissions)) throw new Error('There is no guard of the console')
  return permission
}

function flat(entries: readonly RouteConfigEntry[], above = ''): { file: string; path: string }[] {
  return entries.flatMap((entry) => {
    const path = entry.path ? `${above}/${entry.path}` : above
    return [{ file: entry.file, path }, ...flat(entry.children ?? [], path)]
  })
}
