/** Makes ffmpeg and ffprobe ready: Fairframe renders, checks and stamps every video with them. */
import { readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { Plain } from './children.mjs'
import { root } from './node.mjs'
import { find, install } from './packages.mjs'

const NAMES = ['FFMPEG_PATH', 'FFPROBE_PATH']

/**
 * Reads FFMPEG_PATH_FILE and FFPROBE_PATH_FILE in, as the configuration does (core/config/read-env.ts), and takes them out:
 * whoever we start is given the paths themselves, and both would be once too many.
 */
function readFiles(env) {
  for (const name of NAMES) {
    const file = env[`${name}_FILE`]
    if (!file) continue
    if (env[name])
      throw new Plain(`${name} is given twice: once itself and once as ${name}_FILE. Remove one of them.`)
    try {
      env[name] = readFileSync(resolve(root, file), 'utf8').trim()
    } catch {
      throw new Plain(`${name}_FILE names a file that cannot be read.`)
    }
    if (!env[name]) throw new Plain(`${name}_FILE names a file with nothing in it.`)
    delete env[`${name}_FILE`]
  }
}

/**
 * Where the two are: FFMPEG_PATH and FFPROBE_PATH when given, then beside the one that was given, then PATH.
 * @param {NodeJS.ProcessEnv} env
 * @returns {{ffmpeg: string | undefined, ffprobe: string | undefined}}
 */
export function findFfmpeg(env) {
  const ffmpeg = find(env.FFMPEG_PATH || 'ffmpeg', env)
  const beside = env.FFMPEG_PATH && find(join(dirname(env.FFMPEG_PATH), 'ffprobe'), env)
  return { ffmpeg, ffprobe: env.FFPROBE_PATH ? find(env.FFPROBE_PATH, env) : beside || find('ffprobe', env) }
}

/** Leaves FFMPEG_PATH and FFPROBE_PATH set for the programs that we start. @param {NodeJS.ProcessEnv} [env] */
export async function ensureFfmpeg(env = process.env) {
  readFiles(env)
  let found = findFfmpeg(env)
  if (!found.ffmpeg || !found.ffprobe) {
    const wrong = NAMES.find((name) => env[name] && !find(env[name], env))
    if (wrong) throw new Plain(`${wrong} is ${env[wrong]}, where no program is: correct it or leave it out.`)
    await install('ffmpeg', { 'apt-get': 'ffmpeg', apk: 'ffmpeg', dnf: 'ffmpeg-free', brew: 'ffmpeg' })
    found = findFfmpeg(env)
    if (!found.ffmpeg || !found.ffprobe) throw new Plain('ffmpeg was installed, yet it is not on PATH.')
  }
  env.FFMPEG_PATH = found.ffmpeg
  env.FFPROBE_PATH = found.ffprobe
}
