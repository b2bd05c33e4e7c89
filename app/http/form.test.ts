/**
 * Pins: a form that stops the server for everybody while it is parsed, by its length or by how many fields it has; a picture
 * that no longer travels with its form; a form of a console page that is refused and
 * nobody knows which.
 */
import { expect, test } from 'vitest'
import { FormTooLarge, LONGEST_FORM, readForm, withNul } from './form.ts'

const asked = (body: BodyInit, type?: string) =>
  new Request('http://localhost/', {
    method: 'POST',
    body,
    ...(type ? { headers: { 'content-type': type } } : {}),
  })

function parts(fields: Record<string, string | Blob>): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  return form
}

const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`f${i}`, 'x']))

test('the fields of a form, in one piece or in parts, with a picture among them', async () => {
  const fields = { name: 'Mara ü & co', empty: '' }
  expect(await readForm(asked(new URLSearchParams(fields)))).toEqual(fields)
  const picture = new Blob([new Uint8Array(LONGEST_FORM * 2)])
  const form = await readForm(asked(parts({ ...fields, picture })), LONGEST_FORM * 3)
  expect(form).toMatchObject(fields)
  expect((form.picture as Blob).size).toBe(picture.size)
})

test('a form is as long as text that people type, and longer only in parts where the page says so', async () => {
  const fits = new URLSearchParams({ x: 'x'.repeat(LONGEST_FORM - 2) })
  expect((await readForm(asked(fits))).x).toHaveLength(LONGEST_FORM - 2)
  const long = { x: 'x'.repeat(LONGEST_FORM) }
  const tooLarge = { code: 'form_too_large', status: 413 }
  await expect(readForm(asked(new URLSearchParams(long)))).rejects.toMatchObject(tooLarge)
  await expect(readForm(asked(new URLSearchParams(long)), 10 * LONGEST_FORM)).rejects.toMatchObject(tooLarge)
  await expect(readForm(asked(parts(long)))).rejects.toMatchObject(tooLarge)
  expect((await readForm(asked(parts(long)), 10 * LONGEST_FORM)).x).toHaveLength(LONGEST_FORM)
})

test('more fields than any form of ours has are not even looked at', async () => {
  const malformed = { code: 'malformed_form', status: 400 }
  for (const body of [new URLSearchParams(many(100)), parts(many(99))]) await readForm(asked(body))
  for (const body of [new URLSearchParams(many(102)), parts(many(102))])
    await expect(readForm(asked(body))).rejects.toMatchObject(malformed)
  // Fields without name and value count as well: parsing goes over them.
  const type = 'application/x-www-form-urlencoded'
  await expect(readForm(asked('&'.repeat(200), type))).rejects.toMatchObject(malformed)
})

test.each([
  ['no form', 'x=1', 'text/plain'],
  ['parts without a boundary', 'x', 'multipart/form-data'],
  [
    'parts that are cut',
    '--b\r\nContent-Disposition: form-data; name="x"\r\n\r\n1',
    'multipart/form-data; boundary=b',
  ],
])('%s is refused as malformed', async (_, body, type) => {
  await expect(readForm(asked(body, type))).rejects.toMatchObject({ code: 'malformed_form', status: 400 })
})

test('one that is too large still says what it was for, if it begins with that', async () => {
  const intentOf = async (body: BodyInit, type?: string) => {
    const error = await readForm(asked(body, type)).catch((thrown: unknown) => thrown)
    return error instanceof FormTooLarge ? error.intent : 'read'
  }
  const big = 'x'.repeat(LONGEST_FORM)
  expect(await intentOf(new URLSearchParams({ intent: 'add', big }))).toBe('add')
  expect(await intentOf(parts({ intent: 'reveal_note', big }))).toBe('reveal_note')
  expect(await intentOf(new URLSearchParams({ big, intent: 'add' }))).toBeUndefined()
  expect(await intentOf(parts({ big, intent: 'add' }))).toBeUndefined()
})

test('a NUL in a text is found, and in a file it is nobody’s business', async () => {
  const file = new Blob(['a\0b'])
  expect(withNul(await readForm(asked(new URLSearchParams({ a: 'x', b: 'x\0' }))))).toEqual(['b'])
  expect(withNul(await readForm(asked(parts({ a: '\0', b: 'x', file }))))).toEqual(['a'])
})
