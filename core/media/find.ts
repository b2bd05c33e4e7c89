/** Finds ffmpeg and ffprobe on this machine: FFMPEG_PATH and FFPROBE_PATH first, then PATH. */
import { execFile } from 'node:child_process'
import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { MediaTools } from './run.ts'

export type FoundTools = (MediaTools & { version: string }) | { missing: ('ffmpeg' | 'ffprobe')[] }

type Environment = Readonly<Record<string, string | undefined>>

const ask = promisify(execFile)

/**
 * The tools, with ffmpeg's version, or the names of those that are not there or do not start. An ffprobe beside the
 * ffmpeg that FFMPEG_PATH names is preferred to one on PATH, so that both are of one build.
 */
export async function findMediaTools(env: Environment): Promise<FoundTools> {
  const ffmpeg = await find(env.FFMPEG_PATH ? [env.FFMPEG_PATH] : onPath('ffmpeg', env))
  const beside = env.FFMPEG_PATH ? [join(dirname(env.FFMPEG_PATH), 'ffprobe')] : []
  const ffprobe = await find(env.FFPROBE_PATH ? [env.FFPROBE_PATH] : [...beside, ...onPath('ffprobe', env)])
  const version = ffmpeg && (await versionOf(ffmpeg))
  const probes = ffprobe && (await versionOf(ffprobe))
  if (!ffmpeg || !version || !ffprobe || !probes) {
    return { missing: [...(version ? [] : (['ffmpeg'] as const)), ...(probes ? [] : (['ffprobe'] as const))] }
  }
  const prlimit = await find(onPath('prlimit', env))
  return { ffmpeg, ffprobe, version, ...(prlimit ? { prlimit } : {}) }
}

function onPath(name: string, env: Environment): string[] {
  return (env.PATH ?? '')
    .split(delimiter)
    .filter(Boolean)
    .map((folder) => join(folder, name))
}

async function find(candidates: string[]): Promise<string | undefined> {
  for (const path of candidates) {
    const runs = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (runs) return path
  }
  return undefined
}

/** "5.1.9-0+deb12u1" of "ffmpeg version 5.1.9-0+deb12u1 Copyright ..."; undefined when the program does not start. */
async function versionOf(path: string): Promise<string | undefined> {
  try {
    const { stdout } = await ask(path, ['-version'], { timeout: 10_000 })
    return /version (\S+)/.exec(stdout)?.[1]
  } catch {
    return undefined
  }
}
