/**
 * What a job may carry: ids and a few plain values, never content. A queue's rows outlive what they are about, lie in
 * backups and are shown to operators, so a prompt or an address in one of them would be out of every promise's reach.
 */
export type PayloadValue = string | number | boolean | null
export type Payload = Readonly<Record<string, PayloadValue>>

/** A map from the names of queues to their payloads, such as the house's in `jobs/payloads.ts`. */
export type PayloadMap<P> = { readonly [Q in keyof P]: Payload }
export type QueueName<P> = keyof P & string

/** An id of ours has 30 characters, an ISO time 24; a sentence somebody wrote is soon longer. */
const LONGEST_TEXT = 100

/** Throws when a payload holds anything but short plain values: a mistake of the caller, found at its first test. */
export function checkPayload(queue: string, payload: Payload): void {
  for (const [field, value] of Object.entries(payload)) {
    const plain = value === null || ['string', 'number', 'boolean'].includes(typeof value)
    if (!plain) throw new TypeError(`The job for ${queue} carries a ${typeof value} in ${field}`)
    if (typeof value === 'string' && value.length > LONGEST_TEXT) {
      throw new RangeError(
        `The job for ${queue} carries a long text in ${field}: a job carries ids, not content`,
      )
    }
  }
}
