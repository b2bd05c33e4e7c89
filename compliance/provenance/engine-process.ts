/**
 * The engine's child process. It holds the parser that reads strangers' files, and nothing worth stealing: no key, no
 * environment, no database. It does one job at a time; the parent kills it when it takes too long.
 */
import type { BackEnd, EngineName, FromChild, ToChild } from './engine-messages.ts'

/** A manifest store that describes itself in more text than this is not one a person could look at. */
const longestJson = 4 * 1024 * 1024

process.umask(0o077)
// After a callback signer was used the native library keeps the loop alive, so the end must be said.
process.on('disconnect', () => process.exit(0))

let awaitingSignature: { resolve(signature: Uint8Array): void; reject(error: Error): void } | undefined

let backEnd: BackEnd | undefined
try {
  backEnd = await load(process.argv[2] === 'wasm' ? 'wasm' : 'native')
  tell({ type: 'ready', name: backEnd.name })
} catch (error) {
  tell({ type: 'unavailable', reason: messageOf(error) })
}

process.on('message', (message: ToChild) => {
  if (message.type !== 'signature') return void work(message)
  const waiting = awaitingSignature
  awaitingSignature = undefined
  if (message.base64 === null) waiting?.reject(new Error('the signer refused'))
  else waiting?.resolve(Buffer.from(message.base64, 'base64'))
})

async function load(name: EngineName): Promise<BackEnd> {
  if (name === 'wasm') return (await import('./engine-wasm.ts')).loadWasmBackEnd()
  return (await import('./engine-native.ts')).loadNativeBackEnd()
}

async function work(job: Exclude<ToChild, { type: 'signature' }>): Promise<void> {
  if (!backEnd) return
  try {
    if (job.type === 'sign') {
      const manifest = await backEnd.sign(job, askParent)
      tell({ type: 'signed', manifest: Buffer.from(manifest).toString('base64') })
    } else {
      const found = await backEnd.read(job)
      if (found.kind === 'store' && found.json.length > longestJson)
        throw new Error('the manifest is too large')
      tell({ type: 'read', found })
    }
  } catch (error) {
    tell({ type: 'failed', reason: messageOf(error) })
  }
}

function askParent(toBeSigned: Uint8Array): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    awaitingSignature = { resolve, reject }
    tell({ type: 'toBeSigned', base64: Buffer.from(toBeSigned).toString('base64') })
  })
}

function tell(message: FromChild): void {
  process.send?.(message)
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 500)
}
