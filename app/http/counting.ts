import { forgiveTry, type LimitName } from '#app/accounts/limits.ts'
import type { EdgeContext } from './load-context.ts'

/** Takes back a try that `pageAction` counted, where only failures shall count. */
export async function forgive(context: EdgeContext, name: LimitName, identity?: string): Promise<void> {
  const { house, visitor } = context
  const hashKey = await house.keyring.secret('rate-limits')
  await forgiveTry({ db: house.db, hashKey, now: house.clock.now() }, name, {
    address: visitor.address,
    identity,
  })
}
