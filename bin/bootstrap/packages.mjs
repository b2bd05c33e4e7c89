/** Finds programs on this machine, and installs a missing one with the machine's own package manager where we may. */
import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { must, Plain } from './children.mjs'

/** The full path of a program on PATH (or of a path given), if it can be run. @param {string} name @param {NodeJS.ProcessEnv} env */
export function find(name, env) {
  const candidates = /[\\/]/.test(name)
    ? [name]
    : (env.PATH ?? '').split(delimiter).flatMap((folder) => (folder ? [join(folder, name)] : []))
  return candidates.find((file) => {
    try {
      accessSync(file, constants.X_OK)
      return statSync(file).isFile()
    } catch {
      return false
    }
  })
}

/** In the order in which they are looked for. `root`: it works only for root. */
const MANAGERS = [
  {
    name: 'apt-get',
    root: true,
    steps: [
      ['update', '-qq'],
      ['install', '-y', '-qq', '--no-install-recommends'],
    ],
  },
  { name: 'apk', root: true, steps: [['add', '--no-cache', '--quiet']] },
  { name: 'dnf', root: true, steps: [['install', '-y', '-q']] },
  { name: 'brew', root: false, steps: [['install', '--quiet']] },
]

/**
 * Which package manager this machine has and whether we may use it.
 * @param {{uid: number | undefined, has: (name: string) => boolean}} machine
 * @returns {{name: string, steps: string[][], mayInstall: boolean} | undefined}
 */
export function packageManager({ uid, has }) {
  const manager = MANAGERS.find(({ name }) => has(name))
  return manager && { ...manager, mayInstall: manager.root === (uid === 0) }
}

/** What a person types to install `packages`, as one line. */
export function typedLine(manager, packages) {
  const names = packages[manager.name]
  return `${manager.root ? 'sudo ' : ''}${manager.name} ${manager.name === 'apk' ? 'add' : 'install'} ${names}`
}

/**
 * Installs a program, or throws the sentence that says what to type.
 * @param {string} what the program, as a person calls it
 * @param {Record<string, string>} packages its package, by package manager
 */
export async function install(what, packages) {
  const manager = packageManager({ uid: process.getuid?.(), has: (name) => Boolean(find(name, process.env)) })
  if (!manager || !packages[manager.name])
    throw new Plain(`Fairframe needs ${what}, which is not on this machine: install it and start again.`)
  const line = typedLine(manager, packages)
  if (!manager.mayInstall) throw new Plain(`Fairframe needs ${what}. Type \`${line}\` and start again.`)
  process.stdout.write(`Installing ${what} with ${manager.name} …\n`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  for (const [index, step] of manager.steps.entries()) {
    const names = index === manager.steps.length - 1 ? packages[manager.name].split(' ') : []
    await must(`${what} could not be installed. Try \`${line}\`.`, manager.name, [...step, ...names], {
      env,
      quiet: true,
    })
  }
}
