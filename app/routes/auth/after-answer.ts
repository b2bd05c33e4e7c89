import type { EdgeContext } from '#app/http/load-context.ts'

/**
 * Begins work when the answer has gone out: whether there was anything to do cannot be told from how long the answer
 * took. Faults go to the log; nobody is there any more to be told.
 */
export function afterAnswer(
  { outlet, report }: Pick<EdgeContext, 'outlet' | 'report'>,
  work: () => Promise<void>,
): void {
  const begin = () => void work().catch(report)
  if (outlet) outlet.closed.addEventListener('abort', begin, { once: true })
  else setTimeout(begin, 100)
}
