import { existsSync } from 'node:fs'
import { join } from 'node:path'

/**
 * The film of the start page, made by the stack itself, if this build has one: `public/showcase.mp4` and its poster
 * `public/showcase.webp`. The built pages lie in `build/server` or its `assets`, the files in `build/client`.
 */
const files = ['../client', '../../client']
  .map((folder) => join(import.meta.dirname, folder))
  .find(existsSync)

export function showcase(): { film: string; poster: string | undefined } | undefined {
  if (!files || !existsSync(join(files, 'showcase.mp4'))) return undefined
  const poster = existsSync(join(files, 'showcase.webp')) ? '/showcase.webp' : undefined
  return { film: '/showcase.mp4', poster }
}
