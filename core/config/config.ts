import { resolve } from 'node:path'
import type { z } from 'zod'
import type { GroundAddress } from '../db/ground.ts'
import { ConfigError, type Environment, readEnv } from './read-env.ts'
import { type SettingName, settings } from './settings.ts'

/** How this installation runs. What is off is `undefined`, so the compiler asks; secrets are functions, so no log prints them. */
export interface Config {
  production: boolean
  host: string
  port: number
  /** The public origin, without a trailing slash. Everything that builds a link uses it, never the request. */
  appUrl: URL
  dataDir: string
  database: GroundAddress
  keyring: GroundAddress
  masterKey: (() => string) | undefined
  previousMasterKey: (() => string) | undefined
  storage:
    | { kind: 'local'; dir: string }
    | {
        kind: 's3'
        endpoint: string | undefined
        bucket: string
        region: string
        forcePathStyle: boolean
        accessKeyId: string
        secretAccessKey: () => string
      }
  smtp: { url: () => string; from: string; insecure: boolean } | undefined
  signUp: 'open' | 'closed'
  welcomeCredits: number
  keepUnsavedDays: number
  keepApiLogDays: number
  keepLogDays: number
  keepAuditDays: number
  workerConcurrency: number
  trustedProxies: string[]
  logLevel: 'debug' | 'info' | 'warn' | 'error'
  provenanceEngine: 'auto' | 'native' | 'wasm'
  ffmpegPath: string | undefined
  ffprobePath: string | undefined
}

/** Reads the settings out of `env`. Paths that are not absolute begin at `base`. Throws a ConfigError that names the setting. */
export function loadConfig(env: Environment, base = process.cwd()): Config {
  const raw = readEnv(env, Object.keys(settings), base)
  const parsed: Record<string, unknown> = {}
  // All of them, also those of a feature that is off: a typing error should show before the day it is switched on.
  for (const [name, setting] of Object.entries(settings)) {
    const result = setting.schema.safeParse(raw[name])
    if (!result.success) throw new ConfigError(name, `must be ${setting.expects}`)
    parsed[name] = result.data
  }
  const get: Get = (name) => parsed[name] as never
  const port = get('PORT')
  const dataDir = resolve(base, get('DATA_DIR'))
  const appUrl = new URL(get('APP_URL') ?? `http://localhost:${port}`)
  const databaseUrl = get('DATABASE_URL')
  const keyringUrl = get('KEYRING_URL')
  if (get('MASTER_KEY_PREVIOUS') && !get('MASTER_KEY'))
    throw new ConfigError(
      'MASTER_KEY_PREVIOUS',
      'is the key before MASTER_KEY, which is not set. Set both, or take it out',
    )
  return {
    production: get('NODE_ENV') === 'production',
    host: get('HOST'),
    port,
    appUrl,
    dataDir,
    database: databaseUrl
      ? { kind: 'postgres', url: databaseUrl }
      : { kind: 'sqlite', path: resolve(dataDir, 'fairframe.sqlite') },
    keyring: keyringUrl
      ? { kind: 'postgres', url: keyringUrl }
      : { kind: 'sqlite', path: resolve(dataDir, 'keyring', 'keyring.sqlite'), durable: true },
    masterKey: secret('MASTER_KEY', get('MASTER_KEY')),
    previousMasterKey: secret('MASTER_KEY_PREVIOUS', get('MASTER_KEY_PREVIOUS')),
    storage: get('STORAGE') === 's3' ? s3(get) : { kind: 'local', dir: resolve(dataDir, 'objects') },
    smtp: smtp(get),
    signUp: get('SIGN_UP'),
    welcomeCredits: get('WELCOME_CREDITS'),
    keepUnsavedDays: get('KEEP_UNSAVED_DAYS'),
    keepApiLogDays: get('KEEP_API_LOG_DAYS'),
    keepLogDays: get('KEEP_LOG_DAYS'),
    keepAuditDays: get('KEEP_AUDIT_DAYS'),
    workerConcurrency: get('WORKER_CONCURRENCY'),
    trustedProxies: get('TRUSTED_PROXIES'),
    logLevel: get('LOG_LEVEL'),
    provenanceEngine: get('PROVENANCE_ENGINE'),
    ffmpegPath: get('FFMPEG_PATH'),
    ffprobePath: get('FFPROBE_PATH'),
  }
}

type Get = <N extends SettingName>(name: N) => z.infer<(typeof settings)[N]['schema']>

function s3(get: Get): Config['storage'] {
  const required = <N extends SettingName>(name: N) => {
    const value = get(name)
    if (value === undefined) throw new ConfigError(name, 'is needed when STORAGE is s3')
    return value as string
  }
  const key = required('S3_SECRET_ACCESS_KEY')
  return {
    kind: 's3',
    endpoint: get('S3_ENDPOINT'),
    bucket: required('S3_BUCKET'),
    region: get('S3_REGION'),
    forcePathStyle: get('S3_FORCE_PATH_STYLE'),
    accessKeyId: required('S3_ACCESS_KEY_ID'),
    secretAccessKey: () => key,
  }
}

function smtp(get: Get): Config['smtp'] {
  const url = get('SMTP_URL')
  if (!url) return undefined
  const from = get('MAIL_FROM')
  if (!from)
    throw new ConfigError('MAIL_FROM', 'is needed when SMTP_URL is set: the address that mails come from')
  return { url: () => url, from, insecure: get('SMTP_INSECURE') }
}

/** Values that stand in documentation all over the world are no secrets. */
const published = ['changeme', 'change-me', 'secret', 'password', 'example', '00000000', 'deadbeef']

function secret(name: string, value: string | undefined): (() => string) | undefined {
  if (value === undefined) return undefined
  if (published.some((word) => value.toLowerCase().includes(word)) || new Set(value).size < 8)
    throw new ConfigError(name, 'is an example that others know. Make one with: openssl rand -base64 32')
  return () => value
}
