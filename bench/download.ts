/**
 * What it costs that videos lie sealed: ranges of one, opened and checked by the real web server for whoever has a signed
 * link, against nginx sending the same ranges of the plain file. Same client, same machine, turn by turn.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { accessSync, constants } from 'node:fs'
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { paths } from '#app/paths.ts'
import { signedLinks } from '#app/studio/creations/links.ts'
import { aReadyVideo } from '#app/studio/creations/testing.ts'
import { HOUR } from '#core/clock/clock.ts'
import { atLeast, median, type Row } from './figure.ts'
import { anOwnHouse, freePort, manyPeople, startWeb } from './own-house.ts'
import { fetchRanges } from './range-client.ts'

const MIB = 1024 * 1024
const VIDEO = 256 * MIB
const CONNECTIONS = 32
const ROUNDS = 5
const RANGES = 512
const NGINX = '/usr/sbin/nginx'
const name = `1 MiB ranges of a sealed video over HTTP, against nginx and the plain file`

export async function benchDownload(): Promise<Row[]> {
  if (!canRun(NGINX)) return [{ name, why: `there is no ${NGINX}`, target: 'at least 0.4' }]
  const own = await anOwnHouse()
  const { house } = own
  const [person] = await manyPeople(house, 1, 100)
  if (!person) throw new Error('nobody was made')
  const video = randomBytes(VIDEO)
  const { id } = await aReadyVideo(house, person.id, { video })
  const links = signedLinks(await house.keyring.secret('links'), house.clock)
  const sealed = `${own.origin}${links.sign(paths.media(id, 'video'), HOUR)}`
  await house.close()
  const web = await startWeb(own)
  const nginx = await startNginx(video)
  try {
    const rounds: { sealed: number; plain: number }[] = []
    const speed = (url: string, count: number) =>
      fetchRanges({ url, connections: CONNECTIONS, count, length: MIB, size: VIDEO })
    for (const url of [nginx.url, sealed]) {
      await checkRange(url, video)
      await speed(url, CONNECTIONS)
    }
    const before = await web.processor()
    for (let round = 0; round < ROUNDS; round++)
      rounds.push({ plain: await speed(nginx.url, RANGES), sealed: await speed(sealed, RANGES) })
    const each = ((await web.processor()) - before) / (ROUNDS * RANGES)
    const [ours, theirs] = [median(rounds.map((r) => r.sealed)), median(rounds.map((r) => r.plain))]
    return [
      atLeast(0.4, {
        name,
        value: `${gigabytes(ours)}; ${CONNECTIONS} connections; ${each.toFixed(1)} ms of processor time each`,
        against: `nginx: ${gigabytes(theirs)}`,
        ratio: median(rounds.map((r) => r.sealed / r.plain)),
      }),
    ]
  } finally {
    await Promise.all([web.stop(), nginx.stop()])
  }
}

/** The client that measures does not look at what it gets: one range is compared here, across the edges of sealed chunks. */
async function checkRange(url: string, video: Uint8Array): Promise<void> {
  const [start, end] = [MIB - 5, 2 * MIB + 5]
  const answer = await fetch(url, { headers: { range: `bytes=${start}-${end}` } })
  const bytes = Buffer.from(await answer.arrayBuffer())
  if (answer.status !== 206 || !bytes.equals(video.subarray(start, end + 1)))
    throw new Error('the range holds other bytes than the video')
}

/** nginx over a folder with this one file, as Debian sets it up but for its log. */
async function startNginx(video: Uint8Array): Promise<{ url: string; stop(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'nginx-'))
  await mkdir(join(folder, 'files'))
  await writeFile(join(folder, 'files', 'video.mp4'), video)
  const port = await freePort()
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  // The workers would otherwise lose the right to enter a private folder.
  const user = process.getuid?.() === 0 ? 'user root;' : ''
  await writeFile(
    join(folder, 'nginx.conf'),
    `${user} daemon off; worker_processes auto; pid ${folder}/pid; error_log stderr warn;
events { worker_connections 768; }
http {
  ${temporary.map((kind) => `${kind}_temp_path ${folder}/${kind};`).join(' ')}
  sendfile on; tcp_nopush on; access_log off; types { video/mp4 mp4; }
  server { listen 127.0.0.1:${port}; root ${folder}/files; }
}
`,
  )
  const child = spawn(NGINX, ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', 'stderr'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  await listening(child, port)
  return {
    url: `http://127.0.0.1:${port}/video.mp4`,
    async stop() {
      if (child.exitCode !== null) return
      const gone = once(child, 'exit')
      child.kill('SIGTERM')
      await gone
    },
  }
}

async function listening(child: ChildProcess, port: number): Promise<void> {
  for (let left = 100; left > 0; left--) {
    if (child.exitCode !== null) throw new Error(`nginx ended with ${child.exitCode}`)
    const socket = connect(port, '127.0.0.1')
    const open = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'close').then(() => false),
    ]).catch(() => false)
    socket.destroy()
    if (open) return
    await delay(50)
  }
  throw new Error('nginx did not listen within 5 seconds')
}

function canRun(program: string): boolean {
  try {
    accessSync(program, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(2)} GB a second`
}
