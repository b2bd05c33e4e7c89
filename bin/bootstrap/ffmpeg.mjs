/** Makes ffmpeg and ffprobe ready: Fairframe renders, checks and stamps every video with them. */
import { dirname, join } from 'node:path'
import { Plain } from './children.mjs'
import { find, install } from './packages.mjs'

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

/** Leaves FFMPEG_PATH and FFPROBE_PATH set for the programs that we start. */
export async function ensureFfmpeg() {
  const { env } = process
  let found = findFfmpeg(env)
  if (!found.ffmpeg || !found.ffprobe) {
    const wrong = ['FFMPEG_PATH', 'FFPROBE_PATH'].find((name) => env[name] && !find(env[name], env))
    if (wrong) throw new Plain(`${wrong} is ${env[wrong]}, where no program is: correct it or leave it out.`)
    await install('ffmpeg', { 'apt-get': 'ffmpeg', apk: 'ffmpeg', dnf: 'ffmpeg-free', brew: 'ffmpeg' })
    found = findFfmpeg(env)
    if (!found.ffmpeg || !found.ffprobe) throw new Plain('ffmpeg was installed, yet it is not on PATH.')
  }
  env.FFMPEG_PATH = found.ffmpeg
  env.FFPROBE_PATH = found.ffprobe
}
