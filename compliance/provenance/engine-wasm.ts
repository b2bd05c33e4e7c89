import { X509Certificate } from 'node:crypto'
import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import start, { WasmBuilder, WasmReader } from '@contentauth/c2pa-wasm'
import { coseSign1 } from './cose.ts'
import { type BackEnd, type ReaderAnswer, reserveFor } from './engine-messages.ts'
import { answerToRefusal } from './engine-refusals.ts'

/**
 * The portable engine: the same c2pa-rs as WebAssembly, for machines the compiled one does not load on. It was made for
 * browser workers, so signing reads through `Blob` and `FileReaderSync`; the two classes below are all of them it uses.
 */
class FileSlice {
  readonly fd: number
  readonly from: number
  readonly to: number
  constructor(fd: number, from: number, to: number) {
    this.fd = fd
    this.from = from
    this.to = to
  }
  get size(): number {
    return this.to - this.from
  }
  slice(from = 0, to = this.size): FileSlice {
    return new FileSlice(this.fd, Math.min(this.from + from, this.to), Math.min(this.from + to, this.to))
  }
}

class FileSliceReader {
  readAsArrayBuffer(slice: FileSlice): ArrayBuffer {
    const whole = new Uint8Array(slice.size)
    let done = 0
    while (done < whole.length) {
      const read = readSync(slice.fd, whole, done, whole.length - done, slice.from + done)
      if (read === 0) throw new Error('the file became shorter while it was read')
      done += read
    }
    return whole.buffer
  }
}

/** Loads the module into this process (about 100 ms). */
export async function loadWasmBackEnd(): Promise<BackEnd> {
  // No settings of the library, but the last word: this process cannot fetch.
  const refuse = () => Promise.reject(new Error('this process makes no connections'))
  Object.assign(globalThis, { FileReaderSync: FileSliceReader, fetch: refuse })
  const module = readFileSync(fileURLToPath(import.meta.resolve('@contentauth/c2pa-wasm/c2pa.wasm')))
  await start({ module_or_path: module })
  return wasmBackEnd
}

const wasmBackEnd: BackEnd = {
  name: 'wasm',

  async sign(job, askParent) {
    const open = new OpenFiles()
    try {
      const builder = WasmBuilder.fromJson(JSON.stringify(job.definition), JSON.stringify(job.settings))
      for (const part of job.ingredients) {
        const json = JSON.stringify(part.json)
        if (part.path)
          await builder.addIngredientFromBlob(json, part.format ?? job.format, open.blob(part.path))
        else builder.addIngredient(json)
      }
      const chain = job.chain.map((pem) => new Uint8Array(new X509Certificate(pem).raw))
      const reserveSize = reserveFor(job.chain)
      const signer = {
        alg: 'es256',
        reserveSize,
        sign: async (claim: Uint8Array) =>
          new Uint8Array(await coseSign1(claim, chain, reserveSize, askParent)),
      }
      const { asset, manifest } = await builder.signAndGetManifestBytes(
        signer,
        [],
        job.format,
        open.blob(job.inPath),
      )
      await writeFile(job.outPath, asset, { flag: 'wx' })
      builder.free()
      return manifest
    } finally {
      open.close()
    }
  },

  async read(job): Promise<ReaderAnswer> {
    const open = new OpenFiles()
    try {
      const reader = await WasmReader.fromBlob(job.format, open.blob(job.path), JSON.stringify(job.settings))
      const json = reader.json()
      reader.free()
      return { kind: 'store', json }
    } catch (error) {
      return answerToRefusal(error)
    } finally {
      open.close()
    }
  },
}

class OpenFiles {
  readonly #fds: number[] = []

  blob(path: string): Blob {
    const fd = openSync(path, 'r')
    this.#fds.push(fd)
    return new FileSlice(fd, 0, fstatSync(fd).size) as unknown as Blob
  }

  close(): void {
    for (const fd of this.#fds) closeSync(fd)
  }
}
