import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Workshop } from '#app/house.ts'
import { openAuthority } from '#compliance/provenance/authority.ts'
import { openEngine } from '#compliance/provenance/engine.ts'
import { findMediaTools } from '#core/media/find.ts'
import type { GroundName } from '#test/grounds.ts'
import { aHouse, type TestHouse } from './house.ts'

/** A house with everything a worker has: ffmpeg, a signing authority of its own, a scratch folder. */
export async function aWorkshop(ground: GroundName = 'sqlite'): Promise<Workshop & TestHouse> {
  const house = await aHouse(ground)
  const tools = await findMediaTools(process.env)
  if ('missing' in tools) throw new Error('The tests need ffmpeg')
  const authority = await openAuthority({
    directory: join(house.config.dataDir, 'provenance'),
    host: 'localhost',
    clock: house.clock,
    protect: async (plain) => Uint8Array.from(plain),
    unprotect: async (sealed) => Uint8Array.from(sealed),
  })
  const engine = await openEngine({ setting: 'auto', roots: [authority.rootPem] })
  onTestFinished(() => engine.close())
  const scratch = join(house.config.dataDir, 'scratch')
  await mkdir(scratch, { recursive: true })
  return { ...house, tools, authority, engine, scratch }
}
