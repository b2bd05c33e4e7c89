/**
 * Pins: a header's value that a page shows again, or that is lost when another field is saved; an address with a password
 * in it; a register entry that is called whole here and not there.
 */
import { expect, test } from 'vitest'
import { completed } from '#app/studio/catalogue/live.ts'
import { safeguards } from '#app/studio/catalogue/provider-record.ts'
import { openaiVideosDriver } from '#app/studio/providers/openai-videos/driver.ts'
import type { ProcessorTable } from '#core/db/schema/providers.ts'
import { readAddresses, readSettings, settingFields } from './provider-settings.ts'
import { gapsIn } from './register.ts'

test('an entry without a gap is what the catalogue takes for whole', () => {
  const values = ['', 'x']
  for (const safeguard of [null, ...safeguards])
    for (const name of values)
      for (const country of values)
        for (const keeps_says of values)
          for (const agreement_on of [null, '2026-01-01']) {
            const row: ProcessorTable = {
              ...{ id: 'p', name, country, safeguard, agreement_on, keeps_says },
              ...{ keeps_days: null, trains: 'no', deletes: 'nothing', updated_at: 0 },
            }
            expect(gapsIn(row).length === 0).toBe(completed(row) !== undefined)
          }
})

test('a header is shown by its name alone, and its dots keep its value', () => {
  const driver = openaiVideosDriver
  const set = { style: 'openai', headers: { 'X-Gateway': 'hunter2' }, resultHosts: ['a.example.org'] }
  const fields = settingFields(driver, set)
  expect(JSON.stringify(fields)).not.toContain('hunter2')
  const form = Object.fromEntries(fields.map(({ name, value }) => [`setting.${name}`, String(value)]))
  expect(readSettings(driver, form, set)).toMatchObject(set)
  const more = { ...form, 'setting.headers': 'X-Gateway: other\nX-Two: a: b' }
  expect(readSettings(driver, more, set)).toMatchObject({
    headers: { 'X-Gateway': 'other', 'X-Two': 'a: b' },
  })
  expect(readAddresses(driver, { 'address.api': 'http://gpu.house:8091/v1/ ' })).toEqual({
    api: 'http://gpu.house:8091/v1',
  })
  for (const wrong of ['', 'gpu.house', 'ftp://gpu.house', 'https://me:secret@gpu.house', 'http://a/?key=1'])
    expect(() => readAddresses(driver, { 'address.api': wrong })).toThrow()
})
