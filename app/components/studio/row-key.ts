/** Tells rows of a list apart that have nothing else to. `crypto.randomUUID` is not there on a page without TLS. */
export function rowKey(): string {
  return crypto.getRandomValues(new Uint32Array(2)).join('-')
}
