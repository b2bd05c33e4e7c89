import { constants } from 'node:fs'
import { access, stat, statfs } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { diskReserveBytes } from '#app/studio/generations/room.ts'
import type { Config } from '#core/config/config.ts'
import { smtpConfigFrom } from '#core/mail/smtp-url.ts'
import { findMediaTools } from '#core/media/find.ts'
import { nodeIsFine } from '../bootstrap/node.mjs'
import { type Finding, good, warning, wrong } from './doctor.finding.ts'

/** What the doctor sees of the machine, before anything of the house is opened. */

export function node(): Finding {
  return nodeIsFine(process.version)
    ? good('node', process.version)
    : wrong('node', `${process.version} is too old.`, 'Install Node 24 from https://nodejs.org.')
}

/** Kinds of file systems by their number (statfs(2)), and why they do not do. */
const badFileSystems: Readonly<Record<number, string>> = {
  26985: 'NFS',
  20859: 'SMB',
  4283649346: 'CIFS',
  4266872130: 'SMB',
  1702057286: 'FUSE',
  16914839: '9p',
  1397113167: 'AFS',
  12805120: 'Ceph',
}
const overlay = 0x794c7630
const tmpfs = 0x01021994

/** The folder: there, ours, closed to others, on a local disk with room. */
export async function folder({ dataDir, database }: Config): Promise<Finding[]> {
  const there = await stat(dataDir).catch(() => undefined)
  if (!there)
    return [
      wrong('folder', `${dataDir} does not exist.`, 'Start Fairframe once (npm start), or set DATA_DIR.'),
    ]
  const findings: Finding[] = []
  const owner = process.getuid?.()
  const may = await access(dataDir, constants.R_OK | constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  )
  if (!may)
    findings.push(
      wrong('folder', `${dataDir} cannot be written.`, `Give it to this user: chown -R ${owner} ${dataDir}`),
    )
  else if (owner !== undefined && there.uid !== owner)
    findings.push(
      warning(
        'folder',
        `${dataDir} belongs to user ${there.uid}, not to this one.`,
        'Run this as that user.',
      ),
    )
  else if ((there.mode & 0o077) !== 0)
    findings.push(
      warning('folder', `Others on this machine can look into ${dataDir}.`, `Run: chmod 700 ${dataDir}`),
    )
  else findings.push(good('folder', dataDir))

  const { type, bavail, bsize } = await statfs(dataDir)
  const network = badFileSystems[type]
  if (network)
    findings.push(
      database.kind === 'sqlite'
        ? wrong(
            'disk',
            `${dataDir} lies on ${network}, where SQLite loses data.`,
            'Put DATA_DIR on a local disk, or use PostgreSQL.',
          )
        : warning(
            'disk',
            `${dataDir} lies on ${network}.`,
            'Put DATA_DIR on a local disk: the keyring lies there.',
          ),
    )
  else if (type === overlay || type === tmpfs)
    findings.push(
      warning('disk', `${dataDir} goes when this container or machine stops.`, 'Mount a volume there.'),
    )
  const free = bavail * bsize
  const megabytes = Math.floor(free / 1024 / 1024)
  findings.push(
    free < diskReserveBytes
      ? wrong('room', `${megabytes} MB are left.`, 'Free some room: below 512 MB no video is made.')
      : free < 4 * diskReserveBytes
        ? warning('room', `${megabytes} MB are left.`, 'Free some room soon: below 512 MB no video is made.')
        : good('room', `${megabytes} MB are left`),
  )
  return findings
}

export async function ffmpeg({ ffmpegPath, ffprobePath }: Config): Promise<Finding> {
  const found = await findMediaTools({ ...process.env, FFMPEG_PATH: ffmpegPath, FFPROBE_PATH: ffprobePath })
  return 'missing' in found
    ? wrong(
        'ffmpeg',
        `${found.missing.join(' and ')} cannot be started.`,
        'Install ffmpeg, or set FFMPEG_PATH.',
      )
    : good('ffmpeg', found.version)
}

export function address({ appUrl, production }: Config): Finding {
  const local = /^(localhost|127\.|\[::1\])/.test(appUrl.hostname)
  if (appUrl.protocol === 'https:') return good('address', appUrl.origin)
  if (local && !production) return good('address', `${appUrl.origin}, for this machine`)
  return warning(
    'address',
    `${appUrl.origin} is not encrypted: passwords can be read on their way.`,
    'Put a proxy with TLS before Fairframe and set APP_URL to its https address.',
  )
}

export async function mail({ smtp }: Config): Promise<Finding> {
  if (!smtp)
    return warning('mail', 'No mail server is set; mail waits in the console.', 'Set SMTP_URL and MAIL_FROM.')
  const { host, port } = smtpConfigFrom(smtp)
  return (await answers(host, port))
    ? good('mail', `${host}:${port} answers`)
    : wrong(
        'mail',
        `${host}:${port} does not answer.`,
        'Look at SMTP_URL and the firewall; mail waits meanwhile.',
      )
}

function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host, port, timeout: 5000 })
    const end = (well: boolean) => {
      socket.destroy()
      resolve(well)
    }
    socket.once('connect', () => end(true))
    socket.once('error', () => end(false))
    socket.once('timeout', () => end(false))
  })
}
