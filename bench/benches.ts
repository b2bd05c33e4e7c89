/** The figures of the README's table, in its order. Loaded one by one: each runs in a process that holds nothing else. */
import type { Row } from './figure.ts'

interface Bench {
  load(): Promise<() => Promise<Row[]>>
  /** It starts the web server, which serves the built pages. */
  pages: boolean
}

export const benches: Readonly<Record<string, Bench>> = {
  renderer: { load: async () => (await import('./renderer.ts')).benchRenderer, pages: false },
  storage: { load: async () => (await import('./storage.ts')).benchStorage, pages: false },
  download: { load: async () => (await import('./download.ts')).benchDownload, pages: true },
  creations: { load: async () => (await import('./creations.ts')).benchCreations, pages: false },
  accept: { load: async () => (await import('./accept.ts')).benchAccept, pages: true },
  dispatch: { load: async () => (await import('./dispatch.ts')).benchDispatch, pages: false },
  webhooks: { load: async () => (await import('./webhooks.ts')).benchWebhooks, pages: true },
  house: { load: async () => (await import('./house.ts')).benchHouse, pages: true },
  image: { load: async () => (await import('./image.ts')).benchImage, pages: false },
}
