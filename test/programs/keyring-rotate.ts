/** A process that changes the installation key of a keyring and, when told so, kills itself after the n-th batch. */
import { systemClock } from '#core/clock/clock.ts'
import { installationKeyFrom } from '#core/crypto/installation-key.ts'
import { openKeyring } from '#core/crypto/keyring/keyring.ts'
import type { GroundAddress } from '#core/db/ground.ts'

const [address, from, to, batch, dieAfter] = JSON.parse(process.argv[2] ?? '') as [
  GroundAddress,
  string,
  string,
  number,
  number,
]
const keyring = await openKeyring({
  address,
  installationKeys: { current: installationKeyFrom(to), previous: installationKeyFrom(from) },
  clock: systemClock,
})
let batches = 0
const rotated = await keyring.rotate(installationKeyFrom(to), {
  batch,
  onBatch: () => {
    batches += 1
    if (batches === dieAfter) process.kill(process.pid, 'SIGKILL')
  },
})
process.stdout.write(JSON.stringify(rotated))
await keyring.close()
