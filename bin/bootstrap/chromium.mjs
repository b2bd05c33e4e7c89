/** Makes a Chromium ready for the end-to-end tests. */
import { Plain } from './children.mjs'
import { find, install } from './packages.mjs'

const NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

/** @param {NodeJS.ProcessEnv} env @returns {string | undefined} */
export function findChromium(env) {
  return (env.CHROMIUM_PATH ? [env.CHROMIUM_PATH] : NAMES).map((name) => find(name, env)).find(Boolean)
}

/** Leaves CHROMIUM_PATH set for the tests. */
export async function ensureChromium() {
  const { env } = process
  if (env.CHROMIUM_PATH && !findChromium(env))
    throw new Plain(`CHROMIUM_PATH is ${env.CHROMIUM_PATH}, where no program is: correct it or leave it out.`)
  if (!findChromium(env))
    await install('Chromium', { 'apt-get': 'chromium', apk: 'chromium', dnf: 'chromium' })
  env.CHROMIUM_PATH = findChromium(env)
  if (!env.CHROMIUM_PATH) throw new Plain('Chromium was installed, yet it is not on PATH.')
}
