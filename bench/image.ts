/** How large the container image is, where one was built on this machine. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { below, type Row } from './figure.ts'

/** As `npm run test:image` names it, then as `docker compose build` does. */
const IMAGES = ['fairframe:test', 'fairframe:latest']
const ENGINES = ['docker', 'podman'] as const
const LIMIT_MB = 900

export async function benchImage(): Promise<Row[]> {
  const name = 'Size of the container image, unpacked'
  for (const image of IMAGES)
    for (const engine of ENGINES) {
      const bytes = await imageBytes(engine, image).catch(() => undefined)
      if (bytes !== undefined)
        return [below(LIMIT_MB, { name, measured: bytes / 1e6, unit: 'MB', beside: `${image} in ${engine}` })]
    }
  return [
    {
      name,
      why: 'no image was built on this machine; npm run test:image builds one',
      target: `below ${LIMIT_MB} MB`,
    },
  ]
}

/**
 * Bytes of an image's layers as they lie unpacked. Docker's own `image inspect` counts the packed ones, or both, where it keeps
 * images in containerd (moby/moby#53398), so its layers are added up. Throws when the engine or the image is not there.
 */
export async function imageBytes(engine: 'docker' | 'podman', image: string): Promise<number> {
  const question =
    engine === 'docker'
      ? ['history', '--human=false', '--format', '{{.Size}}', image]
      : ['image', 'inspect', '--format', '{{.Size}}', image]
  const { stdout } = await promisify(execFile)(engine, question)
  const bytes = stdout
    .trim()
    .split('\n')
    .reduce((sum, line) => sum + Number(line), 0)
  if (!Number.isInteger(bytes)) throw new Error(`${engine} told the size of ${image} in an unknown way`)
  return bytes
}
