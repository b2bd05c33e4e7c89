import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'

export type Environment = Readonly<Record<string, string | undefined>>

/**
 * The environment with every `NAME_FILE` read in: the way Docker and systemd hand over secrets. Both given for one
 * name is an error, since nobody could say which one counts. Their paths, where not absolute, begin at `base`.
 */
export function readEnv(env: Environment, names: readonly string[], base: string): Record<string, string> {
  const values: Record<string, string> = {}
  for (const name of names) {
    const direct = env[name]
    const file = env[`${name}_FILE`]
    if (direct !== undefined && direct !== '' && file)
      throw new ConfigError(name, `is given twice: once itself and once as ${name}_FILE. Remove one of them`)
    if (file) values[name] = readSecretFile(name, resolve(base, file))
    else if (direct !== undefined && direct !== '') values[name] = direct
  }
  return values
}

/** A wrong setting. The message names it and says what to write instead; it never repeats a secret's value. */
export class ConfigError extends Error {
  readonly setting: string
  constructor(setting: string, problem: string) {
    super(`${setting} ${problem}.`)
    this.name = 'ConfigError'
    this.setting = setting
  }
}

function readSecretFile(name: string, file: string): string {
  const text = () => {
    try {
      return readFileSync(file, 'utf8').trim()
    } catch {
      throw new ConfigError(`${name}_FILE`, 'names a file that cannot be read')
    }
  }
  const value = text()
  if (value === '') throw new ConfigError(`${name}_FILE`, 'names a file with nothing in it')
  return value
}
