import { copyFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type {
  AcceptedJob,
  Connection,
  Driver,
  InputFile,
  ProviderJob,
} from '#app/studio/providers/provider.ts'
import { systemClock } from '#core/clock/clock.ts'
import { newId } from '#core/ids/ids.ts'
import type { ProviderDouble } from '#test/doubles/providers/harness.ts'
import { aFolder } from '#test/grounds.ts'

/** A job as the engine would hand it to a driver, with a folder of its own. */
export async function aProviderJob(wanted: Partial<ProviderJob> = {}): Promise<ProviderJob> {
  const now = systemClock.now()
  return {
    generation: newId('generation', now),
    attempt: newId('attempt', now),
    model: 'a-model',
    endpoint: {},
    mode: 'text',
    prompt: 'A storm over the harbour.',
    settings: { seconds: 5, aspect_ratio: '16:9', resolution: '720p', audio: true, seed: 7, mode: 'text' },
    inputs: [],
    workDir: await aFolder(),
    callbackUrl: undefined,
    onPhase: () => {},
    ...wanted,
  }
}

export function accepted(
  job: ProviderJob,
  submitted: { providerJob: string; memo?: Readonly<Record<string, string>> },
): AcceptedJob {
  return { ...job, providerJob: submitted.providerJob, memo: submitted.memo ?? {} }
}

/** A connection of this driver to its double; `key` replaces the right one. */
export function aConnection(
  driver: Driver,
  double: ProviderDouble,
  changes: Partial<Connection> & { keyIs?: string } = {},
): Connection {
  const { keyIs = double.key, ...rest } = changes
  return {
    id: driver.name,
    addresses: { ...driver.addresses, ...double.addresses },
    ownAddresses: Object.values(double.addresses),
    settings: driver.settings.parse({}),
    key: () => keyIs,
    hasKey: true,
    webhookSecret: double.webhookSecret,
    clock: systemClock,
    ...rest,
  }
}

/** A picture, clip or sound of the fixtures, copied to where a driver may read it. */
export async function anInput(role: InputFile['role'], file: string, mediaType: string): Promise<InputFile> {
  const name = `${crypto.randomUUID()}.${mediaType.split('/')[1]}`
  const path = join(await aFolder(), name)
  await copyFile(file, path)
  const kind = mediaType.startsWith('image/') ? 'picture' : mediaType.startsWith('video/') ? 'clip' : 'sound'
  return { role, kind, path, mediaType, size: (await stat(path)).size, seconds: 5, name }
}

const fixtures = join(import.meta.dirname, '..', 'fixtures')
export const fixture = {
  /** What a double hands out: ten seconds, 320 by 180, with sound; as long as anything that tests ask for. */
  result: join(fixtures, 'result.mp4'),
  picture: join(fixtures, 'picture.jpg'),
  clip: join(fixtures, 'clip.mp4'),
  sound: join(fixtures, 'sound.wav'),
} as const
