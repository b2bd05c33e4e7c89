/** A process that opens the keyring at the address it is given, asks for a named secret, and prints it. */
import { systemClock } from '#core/clock/clock.ts'
import { installationKeyFrom } from '#core/crypto/installation-key.ts'
import { openKeyring } from '#core/crypto/keyring/keyring.ts'
import type { GroundAddress } from '#core/db/ground.ts'

const [address, master, name] = JSON.parse(process.argv[2] ?? '') as [GroundAddress, string, string]
const keyring = await openKeyring({
  address,
  installationKeys: { current: installationKeyFrom(master) },
  clock: systemClock,
})
process.stdout.write(Buffer.from(await keyring.secret(name)).toString('hex'))
await keyring.close()
