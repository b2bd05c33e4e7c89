import type { MediaFormat } from './formats.ts'

/**
 * What the parent and an engine's child process say to each other. JSON and base64 on purpose: the child parses files
 * of strangers, and the structured-clone deserializer is not meant for input from somebody who may be hostile.
 */
export type EngineName = 'native' | 'wasm'

/** An ingredient of the manifest. Without `path` only the statement is recorded; with it, the file's own manifest store is carried along. */
export interface IngredientPart {
  readonly json: Readonly<Record<string, unknown>>
  readonly path?: string
  readonly format?: MediaFormat
}

export interface SignRequest {
  readonly type: 'sign'
  readonly inPath: string
  readonly outPath: string
  readonly format: MediaFormat
  readonly definition: Readonly<Record<string, unknown>>
  readonly ingredients: readonly IngredientPart[]
  readonly settings: Readonly<Record<string, unknown>>
  /** PEM, leaf first, without the root. */
  readonly chain: readonly string[]
}

export interface ReadRequest {
  readonly type: 'read'
  readonly path: string
  readonly format: MediaFormat
  readonly settings: Readonly<Record<string, unknown>>
}

export type ToChild =
  | SignRequest
  | ReadRequest
  | { readonly type: 'signature'; readonly base64: string | null }

export type FromChild =
  | { readonly type: 'ready'; readonly name: EngineName }
  | { readonly type: 'unavailable'; readonly reason: string }
  | { readonly type: 'toBeSigned'; readonly base64: string }
  | { readonly type: 'signed'; readonly manifest: string }
  | { readonly type: 'read'; readonly found: ReaderAnswer }
  | { readonly type: 'failed'; readonly reason: string }

/** `json` is the reader's own manifest-store document, unparsed; `refused` is the engine's message for a file it cannot make sense of. */
export type ReaderAnswer =
  | { readonly kind: 'store'; readonly json: string }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'remote' }
  | { readonly kind: 'refused'; readonly reason: string }

/** What each back end implements, inside the child process. */
export interface BackEnd {
  readonly name: EngineName
  /** Writes the signed file to `outPath` and returns the manifest store's bytes (JUMBF). */
  sign(job: SignRequest, askParent: (toBeSigned: Uint8Array) => Promise<Uint8Array>): Promise<Uint8Array>
  read(job: ReadRequest): Promise<ReaderAnswer>
}

/**
 * Bytes kept free for the signature structure: the certificates' text, which is longer than what is stored, and
 * 1500 for the signature, its header and padding. Too small a reserve makes the engines refuse to sign.
 */
export function reserveFor(chain: readonly string[]): number {
  return 1500 + chain.reduce((sum, pem) => sum + pem.length, 0)
}
