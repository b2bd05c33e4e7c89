import { stat } from 'node:fs/promises'
import { AppError } from '#core/errors/errors.ts'
import { say } from '#core/i18n/say.ts'
import { EngineChild, type SignBytes } from './engine-child.ts'
import type { EngineName, IngredientPart, ReaderAnswer } from './engine-messages.ts'
import { engineSettings } from './engine-settings.ts'
import { formatOf, type MediaFormat } from './formats.ts'
import { type Report, reportOf, unreadable } from './report.ts'

/**
 * Writes and reads C2PA manifests. Two engines can do it: the compiled one, which is fast and small, and WebAssembly,
 * which runs on every processor. Both run in child processes with a time limit, because they parse files of strangers.
 */
export interface ProvenanceEngine {
  readonly name: EngineName
  /**
   * Signs `inPath` into `outPath`, which must not exist yet and may be left behind broken on failure: `stamp` is the
   * way to call this. Returns the manifest store's bytes. Throws AppError `provenance_*`.
   */
  sign(job: SignJob): Promise<Uint8Array>
  /** Reads and validates. What is wrong with the file is in the report; throws AppError only when no answer was possible. */
  read(path: string): Promise<Report>
  /** The child processes alive now, for the console. */
  status(): {
    readonly processes: readonly { readonly pid: number; readonly busy: boolean }[]
    readonly waiting: number
  }
  close(): Promise<void>
}

export interface SignJob {
  readonly inPath: string
  readonly outPath: string
  readonly format: MediaFormat
  readonly definition: Readonly<Record<string, unknown>>
  readonly ingredients: readonly IngredientPart[]
  /** Base labels of the assertions that we made ourselves. */
  readonly createdLabels: readonly string[]
  /** PEM, leaf first, without the root. */
  readonly chain: readonly string[]
  readonly sign: SignBytes
}

export interface EngineOptions {
  readonly setting: 'auto' | EngineName
  /** PEM of the roots whose certificates count as ours. */
  readonly roots: readonly string[]
  readonly limits?: Partial<EngineLimits>
}

export interface EngineLimits {
  /** Child processes at once: the engine parallelises badly and each may need half a gigabyte for a large file. */
  readonly processes: number
  readonly waiting: number
  readonly startMs: number
  readonly signMs: number
  readonly readMs: number
  /** A child that had nothing to do for so long is ended, and with it its 80 to 120 MB. */
  readonly idleMs: number
  /** The WebAssembly engine holds the whole output in memory, 4.5 bytes for each of the file (2.3 GB for 511 MB). */
  readonly wasmBytes: number
}

const defaults: EngineLimits = {
  processes: 2,
  waiting: 64,
  startMs: 20_000,
  signMs: 120_000,
  readMs: 30_000,
  idleMs: 30_000,
  wasmBytes: 200 * 1024 * 1024,
}

/** Finds an engine that loads and keeps its first child ready. Throws AppError `provenance_engine_missing`. */
export async function openEngine(options: EngineOptions): Promise<ProvenanceEngine> {
  const limits = { ...defaults, ...options.limits }
  const candidates: EngineName[] = options.setting === 'auto' ? ['native', 'wasm'] : [options.setting]
  const reasons: unknown[] = []
  for (const name of candidates) {
    try {
      const first = await EngineChild.start(name, limits.startMs)
      return new Engine(name, options.roots, limits, first)
    } catch (error) {
      reasons.push(error)
    }
  }
  throw missing(new AggregateError(reasons))
}

class Engine implements ProvenanceEngine {
  readonly name: EngineName
  readonly #roots: readonly string[]
  readonly #limits: EngineLimits
  readonly #resting: { child: EngineChild; timer: NodeJS.Timeout }[] = []
  readonly #children = new Set<EngineChild>()
  readonly #queue: (() => void)[] = []
  #taken = 0
  #closed = false

  constructor(name: EngineName, roots: readonly string[], limits: EngineLimits, first: EngineChild) {
    this.name = name
    this.#roots = roots
    this.#limits = limits
    this.#children.add(first)
    this.#rest(first)
  }

  async sign(job: SignJob): Promise<Uint8Array> {
    await this.#checkSize(job.inPath)
    const { sign, createdLabels, ...rest } = job
    const settings = engineSettings(this.#roots, createdLabels)
    const request = { type: 'sign', ...rest, settings } as const
    const answer = await this.#withChild((child) => child.run(request, this.#limits.signMs, sign))
    return answer.type === 'signed' ? Buffer.from(answer.manifest, 'base64') : impossible()
  }

  async read(path: string): Promise<Report> {
    const format = await formatOf(path)
    if (!format) return unreadable('format.unsupported')
    await this.#checkSize(path)
    const request = { type: 'read', path, format, settings: engineSettings(this.#roots) } as const
    const answer = await this.#withChild((child) => child.run(request, this.#limits.readMs))
    return answer.type === 'read' ? reportOf(answer.found as ReaderAnswer) : impossible()
  }

  status() {
    const processes = [...this.#children]
      .filter((child) => child.alive)
      .map((child) => ({ pid: child.pid ?? 0, busy: child.busy }))
    return { processes, waiting: this.#queue.length }
  }

  async close(): Promise<void> {
    this.#closed = true
    for (const { timer } of this.#resting.splice(0)) clearTimeout(timer)
    await Promise.all([...this.#children].map((child) => child.end()))
    this.#children.clear()
  }

  async #withChild<T>(use: (child: EngineChild) => Promise<T>): Promise<T> {
    await this.#turn()
    try {
      const child = this.#wake() ?? (await this.#start())
      try {
        return await use(child)
      } finally {
        this.#rest(child)
      }
    } finally {
      const next = this.#queue.shift()
      if (next) next()
      else this.#taken--
    }
  }

  async #turn(): Promise<void> {
    if (this.#queue.length >= this.#limits.waiting) {
      throw new AppError(
        'provenance_busy',
        say('Too many files are waiting to be checked. Try again in a minute.'),
        {
          status: 503,
        },
      )
    }
    // Whoever waits is handed the place of the one that finished, so nobody can slip in between.
    if (this.#taken >= this.#limits.processes) await new Promise<void>((go) => this.#queue.push(go))
    else this.#taken++
  }

  #wake(): EngineChild | undefined {
    for (let next = this.#resting.pop(); next; next = this.#resting.pop()) {
      clearTimeout(next.timer)
      if (next.child.alive) return next.child
      this.#children.delete(next.child)
    }
    return undefined
  }

  async #start(): Promise<EngineChild> {
    if (this.#closed) throw missing(new Error('the engine was closed'))
    const child = await EngineChild.start(this.name, this.#limits.startMs).catch((cause) => {
      throw missing(cause)
    })
    this.#children.add(child)
    return child
  }

  #rest(child: EngineChild): void {
    if (!child.alive || this.#closed) {
      this.#children.delete(child)
      return void child.end()
    }
    const timer = setTimeout(() => {
      this.#resting.splice(
        this.#resting.findIndex((entry) => entry.child === child),
        1,
      )
      this.#children.delete(child)
      void child.end()
    }, this.#limits.idleMs)
    timer.unref()
    this.#resting.push({ child, timer })
  }

  async #checkSize(path: string): Promise<void> {
    if (this.name === 'native') return
    const { size } = await stat(path)
    if (size <= this.#limits.wasmBytes) return
    const values = { megabytes: Math.floor(this.#limits.wasmBytes / 1024 / 1024) }
    throw new AppError(
      'provenance_too_large',
      say('This file is larger than the {megabytes} MB that can be checked here.', values),
      {
        status: 413,
      },
    )
  }
}

function missing(cause: unknown): AppError {
  const sentence = say(
    'No program that marks where files come from runs on this server. The operator has to look at it.',
  )
  return new AppError('provenance_engine_missing', sentence, { status: 503, cause })
}

function impossible(): never {
  throw new TypeError('the engine answered another question')
}
