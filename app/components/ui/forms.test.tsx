import type { ReactNode } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import { initials } from './Avatar.tsx'
import { Button } from './Button.tsx'
import { Checkbox, Switch } from './Checkbox.tsx'
import { CopyButton } from './CopyButton.tsx'
import { FieldScope, FormErrors } from './Field.tsx'
import { Segmented } from './Segmented.tsx'
import { Select } from './Select.tsx'
import { PasswordField, TextField } from './TextField.tsx'

/**
 * Pins: a form that needs scripts to be sent; a button that shows without scripts and does nothing; an error that a
 * screen reader never ties to its field; a summary that links to nowhere; two forms of one page with the same ids.
 */
test('what the server sends is a form that a browser can post by itself', () => {
  const html = markup(
    <form method="post">
      <TextField label="Mail" name="email" type="email" defaultValue="a@b.example" />
      <PasswordField label="Password" name="password" autoComplete="current-password" />
      <Select label="Language" name="lang" options={[{ value: 'en', label: 'English' }]} optional />
      <Segmented label="Length" name="seconds" options={[{ value: '8', label: '8 s' }]} defaultValue="8" />
      <Checkbox name="terms" required>
        I agree
      </Checkbox>
      <Switch name="tips" defaultChecked>
        Tips
      </Switch>
      <Button type="submit" name="act" value="save">
        Save
      </Button>
    </form>,
  )
  const controls = [...html.matchAll(/<(input|select|button)\b([^>]*)>/g)].map(([, tag, attributes]) => ({
    tag,
    name: /\bname="(\w+)"/.exec(attributes ?? '')?.[1],
    type: /\btype="(\w+)"/.exec(attributes ?? '')?.[1],
    must: /\brequired=/.test(attributes ?? ''),
  }))
  expect(controls).toEqual([
    { tag: 'input', name: 'email', type: 'email', must: true },
    { tag: 'input', name: 'password', type: 'password', must: true },
    { tag: 'select', name: 'lang', type: undefined, must: false },
    { tag: 'input', name: 'seconds', type: 'radio', must: false },
    { tag: 'input', name: 'terms', type: 'checkbox', must: true },
    { tag: 'input', name: 'tips', type: 'checkbox', must: false },
    { tag: 'button', name: 'act', type: 'submit', must: false },
  ])
})

test('what would do nothing without scripts cannot be seen or reached', () => {
  expect(markup(<CopyButton text="x" />)).toContain('invisible')
  expect(markup(<PasswordField label="P" name="p" autoComplete="new-password" />)).not.toContain('<button')
})

test('an error belongs to its field, and the summary leads there', () => {
  const html = markup(
    <>
      <FormErrors fields={{ email: 'This address is not complete.' }} />
      <TextField label="Mail" name="email" error="This address is not complete." help="We never share it." />
    </>,
  )
  expect(html).toContain('role="alert"')
  expect(html).toContain('One thing needs another look')
  expect(html).toContain('href="#field-email"')
  expect(html).toContain('id="field-email"')
  expect(html).toContain('aria-invalid="true"')
  expect(html).toContain('aria-describedby="field-email-error field-email-help"')
  expect(html).toContain('id="field-email-error"')
})

test('nothing wrong, nothing said', () => {
  expect(markup(<FormErrors />)).toBe('')
})

test('two forms with the same names keep apart', () => {
  const html = markup(
    <>
      <TextField label="A" name="email" />
      <FieldScope value="other">
        <TextField label="B" name="email" />
      </FieldScope>
    </>,
  )
  const ids = [...html.matchAll(/ id="([^"]+)"/g)].map((found) => found[1])
  expect(new Set(ids).size).toBe(ids.length)
})

test('first letters of names of all kinds', () => {
  expect(['Mara Novak', 'zoë', 'ana.b@example.org', '  ', '李 明'].map(initials)).toEqual([
    'MN',
    'Z',
    'AO',
    '',
    '李明',
  ])
})

function markup(node: ReactNode): string {
  return renderToStaticMarkup(node)
}
