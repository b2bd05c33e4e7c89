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
  const { env } = process
  // Outside of production the framework sends the stacks of its errors to the browser.
  if (!env.NODE_ENV && !env.NODE_ENV_FILE) env.NODE_ENV = 'production'
  return run(process.execPath, ['bin/serve.ts', ...process.argv.slice(2)], { cwd: root })
})
