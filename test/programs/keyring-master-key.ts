/** A process that makes or finds the installation key in the folder it is given, and prints which it is. */
import { loadInstallationKeys } from '#core/crypto/installation-key.ts'

const { current, made } = await loadInstallationKeys({ dir: process.argv[2] ?? '' })
process.stdout.write(JSON.stringify({ id: current.id, made }))
