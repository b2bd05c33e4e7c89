import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Page } from 'playwright-core'

export const password = 'a quiet harbour at dusk'

const program = join(import.meta.dirname, '../../bin/fairframe')

/** The command line of the running installation. */
export async function fairframe(dataDir: string, ...words: string[]): Promise<string> {
  const env = { ...process.env, DATA_DIR: dataDir }
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...words], { env })
  return stdout.trim()
}

/** Makes an account by the command line; verified at once. */
export async function anAccount(
  dataDir: string,
  email: string,
  role = 'person',
  credits = 100,
): Promise<void> {
  const words = ['--email', email, '--password', password, '--role', role, '--credits', String(credits)]
  await fairframe(dataDir, 'user', 'create', ...words)
}

export async function signIn(page: Page, email: string): Promise<void> {
  await page.goto('/sign-in')
  await page.fill('[name=email]', email)
  await page.fill('[name=password]', password)
  await page.click('main [type=submit], form [type=submit]')
  await page.waitForURL(/\/studio/)
  // The address changes before the page does.
  await page.locator('textarea[name=prompt]').waitFor()
}
