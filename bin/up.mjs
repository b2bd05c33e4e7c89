/**
 * `npm start`: makes the machine ready (Node, dependencies, ffmpeg, the built pages), then hands over to bin/serve.ts with
 * its arguments, terminal and signals, and ends with its exit code.
 */
import { buildIsFresh, ensureBuilt } from './bootstrap/build.mjs'
import { command, run } from './bootstrap/children.mjs'
import { ensureFfmpeg } from './bootstrap/ffmpeg.mjs'
import { ensureInstalled } from './bootstrap/install.mjs'
import { onFineNode, root } from './bootstrap/node.mjs'

await command(async () => {
  await onFineNode()
  await ensureInstalled(root, buildIsFresh(root) ? 'production' : 'all')
  await ensureFfmpeg()
  await ensureBuilt(root)
  return run(process.execPath, ['bin/serve.ts', ...process.argv.slice(2)], { cwd: root })
})
