/** One ComfyUI server: its calls, with the operator's headers. */
import { openAsBlob } from 'node:fs'
import { z } from 'zod'
import type { Connection, InputFile } from '#app/studio/providers/provider.ts'
import { isProviderError, ProviderError } from '#app/studio/providers/provider-errors.ts'
import { type Call, type CallAnswer, call } from '#app/studio/providers/provider-http.ts'
import { notUnderstood, type OutputFile, refusedCall } from './answers.ts'
import { type Listening, listen } from './socket.ts'
import { FOLDER } from './workflow.ts'

/** Not among the headers of a connection: they frame the message, and a foreign `Origin` is refused by the server's guard. */
const notOurs =
  /^(host|origin|connection|content-length|content-type|transfer-encoding|upgrade|expect|te|trailer)$/i

export const comfySettings = z.strictObject({
  /** Sent with every request, for a proxy in front of the server. */
  headers: z
    .record(
      z
        .string()
        .regex(/^[\w-]{1,80}$/)
        .refine((name) => !notOurs.test(name)),
      z.string().regex(/^[\x20-\x7e]{0,2000}$/),
    )
    .default({}),
})

const UPLOAD_MS = 5 * 60_000
/** Every node of every extension with every file it may name. */
const OBJECT_INFO_BYTES = 64 * 1024 * 1024
/** Each waiting job comes with its whole graph. */
const QUEUE_BYTES = 64 * 1024 * 1024

export interface Server {
  address: string
  headers(): Record<string, string>
  ask(path: string, options: Call): Promise<CallAnswer>
  /** As `ask`, and a status that is no 200 throws. */
  told(path: string, options: Call): Promise<unknown>
  queue(signal: AbortSignal): Promise<unknown>
  history(id: string, signal: AbortSignal): Promise<unknown>
  /** What the server tells a client of this id while it runs his prompt. `headers` are the connection's. */
  listen(clientId: string, listening: Omit<Listening, 'headers'>): Promise<void>
  /** What the server calls the file. Takes no job, so every failure says `accepted: 'no'`. */
  upload(file: InputFile, signal: AbortSignal): Promise<string>
  /** ComfyUI deletes no files. One that is written again with nothing in it holds nothing. */
  blank(file: OutputFile, signal: AbortSignal): Promise<void>
}

export function serverOf(connection: Connection): Server {
  const address = (connection.addresses.server ?? '').replace(/\/+$/, '')
  const { headers: extra } = comfySettings.parse(connection.settings)
  const now = () => connection.clock.now()

  /** A key that names its scheme (`Basic …`) is sent as it is. */
  function headers(): Record<string, string> {
    if (!connection.hasKey) return extra
    const key = connection.key()
    return { authorization: /^(Basic|Bearer) /.test(key) ? key : `Bearer ${key}`, ...extra }
  }

  const ask = (path: string, options: Call) =>
    call(`${address}${path}`, { ...options, headers: { ...headers(), ...options.headers } })

  async function told(path: string, options: Call): Promise<unknown> {
    const answer = await ask(path, options)
    if (answer.status !== 200) throw refusedCall(answer, now())
    return answer.json
  }

  async function send(file: Blob, name: string, subfolder: string, type: string, signal: AbortSignal) {
    const form = new FormData()
    form.set('image', file, name)
    form.set('type', type)
    form.set('subfolder', subfolder)
    form.set('overwrite', 'true')
    const read = stored.safeParse(await told('/upload/image', { body: form, timeoutMs: UPLOAD_MS, signal }))
    if (!read.success) throw notUnderstood()
    return read.data
  }

  return {
    address,
    headers,
    ask,
    told,
    queue: (signal) => told('/queue', { maxBytes: QUEUE_BYTES, signal }),
    history: (id, signal) => told(`/history/${encodeURIComponent(id)}`, { signal }),
    listen: (clientId, listening) =>
      listen(`${address}/ws?${new URLSearchParams({ clientId })}`, { ...listening, headers: headers() }),

    async upload(file, signal) {
      try {
        const blob = await openAsBlob(file.path, { type: file.mediaType })
        const { name, subfolder } = await send(blob, file.name, FOLDER, 'input', signal)
        return subfolder ? `${subfolder}/${name}` : name
      } catch (error) {
        if (!isProviderError(error)) throw error
        const { errorClass, providerCode, retryAfterMs } = error
        throw new ProviderError(errorClass, { accepted: 'no', providerCode, retryAfterMs })
      }
    },

    async blank({ filename, subfolder, type }, signal) {
      await send(new Blob([]), filename, subfolder, type, signal)
    },
  }
}

const stored = z.looseObject({ name: z.string().min(1), subfolder: z.string().default('') })

/** All node classes of a server, for `checkWorkflow`. Large: for the console only. */
export async function objectInfo(connection: Connection, signal: AbortSignal): Promise<unknown> {
  return serverOf(connection).told('/object_info', { maxBytes: OBJECT_INFO_BYTES, timeoutMs: 60_000, signal })
}
