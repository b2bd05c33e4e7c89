/**
 * What the container starts: looks whether the data volume can be written, since that is what goes wrong first, then becomes
 * the server, or the command that was given: `docker compose run --rm fairframe keys rotate`.
 */
import { access, constants } from 'node:fs/promises'

const folder = process.env.DATA_DIR || '/data'

/** @returns {Promise<string | undefined>} the sentence for the person who runs it, when the folder cannot be used */
async function complaint() {
  try {
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (fault) {
    const who = `${process.getuid?.()}:${process.getgid?.()}`
    return fault.code === 'EROFS' || fault.code === 'ENOENT'
      ? `${folder} is not a volume that can be written. Mount one there, for example with \`-v fairframe-data:${folder}\`.`
      : `${folder} cannot be written by user ${who}. On the host, give it to that user: \`chown -R ${who} <the folder mounted at ${folder}>\`.`
  }
}

const wrong = await complaint()
if (wrong) {
  process.stderr.write(`${wrong}\n`)
  process.exitCode = 1
} else if (process.argv.length > 2) {
  await import('../bin/fairframe')
} else {
  await import('../bin/serve.ts')
}
