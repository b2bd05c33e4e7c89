import type { ReaderAnswer } from './engine-messages.ts'

/**
 * What a reader's exception means. The engines have no error codes across their bindings, only c2pa-rs' messages, so
 * the two that are no fault of the file are told by their text; any other is a refusal.
 */
export function answerToRefusal(error: unknown): ReaderAnswer {
  const reason = error instanceof Error ? error.message : String(error)
  if (/JumbfNotFound|no JUMBF data found/i.test(reason)) return { kind: 'nothing' }
  if (/RemoteManifestUrl|remote manifest/i.test(reason)) return { kind: 'remote' }
  return { kind: 'refused', reason: reason.slice(0, 500) }
}
