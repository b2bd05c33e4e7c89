/** A process that changes the key file of a keyring and, when told so, kills itself before the n-th step that leaves a trace. */
import files from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { PostgresDriver, SqliteDriver } from 'kysely'
import { systemClock } from '#core/clock/clock.ts'
import type { GroundAddress } from '#core/db/ground.ts'

const [address, dir, dieBefore] = JSON.parse(process.argv[2] ?? '') as [GroundAddress, string, number]
let steps = Number.NEGATIVE_INFINITY
const step = () => {
  steps += 1
  if (steps === dieBefore) process.kill(process.pid, 'SIGKILL')
}

for (const name of ['link', 'rename', 'rm', 'open'] as const) {
  const really = files[name] as (...given: unknown[]) => Promise<unknown>
  Object.assign(files, {
    [name]: (...given: unknown[]) => {
      if (name !== 'open' || given[1] === 'wx') step()
      return really(...given)
    },
  })
}
syncBuiltinESMExports()
for (const driver of [PostgresDriver.prototype, SqliteDriver.prototype]) {
  const really = driver.commitTransaction
  driver.commitTransaction = function (connection) {
    step()
    return really.call(this, connection)
  }
}

const { loadInstallationKeys } = await import('#core/crypto/installation-key.ts')
const { changeKeyFile } = await import('#core/crypto/keyring/key-change.ts')
const { openKeyring } = await import('#core/crypto/keyring/keyring.ts')
const installationKeys = await loadInstallationKeys({ dir })
const keyring = await openKeyring({ address, installationKeys, clock: systemClock })
steps = 0
const changed = await changeKeyFile(keyring, dir, async () => step())
process.stdout.write(JSON.stringify({ ...changed, steps }))
await keyring.close()
