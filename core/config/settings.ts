import ipaddr from 'ipaddr.js'
import { z } from 'zod'

/**
 * Every setting, in the order in which the README lists them. `expects` completes the sentence "NAME must be …", and
 * `says` is the README's line; a test compares the table there with this.
 */
export const settings = {
  PORT: {
    schema: whole(1, 65535, 3000),
    expects: 'a port between 1 and 65535',
    says: 'Port of the web server',
    standard: '3000',
  },
  HOST: {
    schema: z.string().default('0.0.0.0'),
    expects: 'an address to listen on',
    says: 'Address to listen on',
    standard: '0.0.0.0',
  },
  APP_URL: {
    schema: z
      .url({ protocol: /^https?$/ })
      .refine((u) => new URL(u).pathname === '/' && !new URL(u).search)
      .optional(),
    expects: 'a full address such as https://video.example.org, without a path',
    says: 'Public address; links in mails and cross-site checks depend on it',
    standard: 'http://localhost:PORT',
  },
  DATA_DIR: {
    schema: z.string().default('./data'),
    expects: 'a folder',
    says: 'Where database, keyring, files and logs lie',
    standard: './data',
  },
  DATABASE_URL: {
    schema: postgresUrl(),
    expects: 'an address such as postgres://user:password@host/name',
    says: 'PostgreSQL in place of SQLite',
    standard: 'none',
  },
  KEYRING_URL: {
    schema: postgresUrl(),
    expects: 'an address such as postgres://user:password@host/name',
    says: 'The keyring on a PostgreSQL server of its own',
    standard: 'none',
  },
  MASTER_KEY: {
    schema: key(),
    expects: '32 bytes in base64 or hex',
    says: 'Installation key that wraps all others',
    standard: 'made on first start, in DATA_DIR/keyring',
  },
  MASTER_KEY_PREVIOUS: {
    schema: key(),
    expects: '32 bytes in base64 or hex',
    says: 'The key before, while `fairframe keys rotate` changes to MASTER_KEY',
    standard: 'none',
  },
  STORAGE: {
    schema: z.enum(['local', 's3']).default('local'),
    expects: 'local or s3',
    says: 'Where sealed files lie',
    standard: 'local',
  },
  S3_ENDPOINT: {
    schema: z.url({ protocol: /^https?$/ }).optional(),
    expects: 'the full address of an S3 server',
    says: 'S3 server; empty for AWS',
    standard: 'none',
  },
  S3_BUCKET: {
    schema: z.string().min(3).optional(),
    expects: 'the name of a bucket',
    says: 'Bucket',
    standard: 'none',
  },
  S3_REGION: {
    schema: z.string().default('us-east-1'),
    expects: 'a region',
    says: 'Region',
    standard: 'us-east-1',
  },
  S3_ACCESS_KEY_ID: {
    schema: z.string().min(1).optional(),
    expects: 'an access key id',
    says: 'Access key id',
    standard: 'none',
  },
  S3_SECRET_ACCESS_KEY: {
    schema: z.string().min(1).optional(),
    expects: 'a secret access key',
    says: 'Secret access key',
    standard: 'none',
  },
  S3_FORCE_PATH_STYLE: {
    schema: flag(true),
    expects: 'true or false',
    says: 'Bucket in the path, as most servers but AWS want',
    standard: 'true',
  },
  SMTP_URL: {
    schema: z.url({ protocol: /^smtps?$/ }).optional(),
    expects: 'an address such as smtps://user:password@mail.example.org',
    says: 'Mail server; until then mail waits in the console',
    standard: 'none',
  },
  SMTP_INSECURE: {
    schema: flag(false),
    expects: 'true or false',
    says: 'Allow a mail server without TLS',
    standard: 'false',
  },
  MAIL_FROM: {
    schema: z.string().min(3).optional(),
    expects: 'a sender such as Fairframe <no-reply@example.org>',
    says: 'Sender of mails',
    standard: 'none',
  },
  SIGN_UP: {
    schema: z.enum(['open', 'closed']).default('open'),
    expects: 'open or closed',
    says: 'Whether strangers may make an account',
    standard: 'open',
  },
  WELCOME_CREDITS: {
    schema: whole(0, 1_000_000, 100),
    expects: 'a whole number from 0 to 1000000',
    says: 'Credits a new account starts with',
    standard: '100',
  },
  KEEP_UNSAVED_DAYS: {
    schema: whole(1, 365, 30),
    expects: 'a whole number of days from 1 to 365',
    says: 'Days an unsaved creation stays',
    standard: '30',
  },
  KEEP_API_LOG_DAYS: {
    schema: whole(1, 365, 90),
    expects: 'a whole number of days from 1 to 365',
    says: 'Days the API log stays',
    standard: '90',
  },
  KEEP_LOG_DAYS: {
    schema: whole(1, 180, 30),
    expects: 'a whole number of days from 1 to 180',
    says: 'Days the application log stays',
    standard: '30',
  },
  KEEP_AUDIT_DAYS: {
    schema: whole(30, 3650, 180),
    expects: 'a whole number of days from 30 to 3650',
    says: 'Days the audit log stays',
    standard: '180',
  },
  WORKER_CONCURRENCY: {
    schema: whole(1, 32, 1),
    expects: 'a whole number from 1 to 32',
    says: 'Videos made side by side',
    standard: '1',
  },
  TRUSTED_PROXIES: {
    schema: z
      .string()
      .default('')
      .transform((list) =>
        list
          .split(',')
          .map((s) => s.trim())
          .filter(Boolean),
      )
      .refine((list) => list.every(isNetwork)),
    expects: 'addresses or networks, separated by commas',
    says: 'Proxies whose X-Forwarded-For is believed',
    standard: 'none',
  },
  LOG_LEVEL: {
    schema: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
    expects: 'debug, info, warn or error',
    says: 'How much is logged',
    standard: 'info',
  },
  PROVENANCE_ENGINE: {
    schema: z.enum(['auto', 'native', 'wasm']).default('auto'),
    expects: 'auto, native or wasm',
    says: 'What signs the videos',
    standard: 'auto',
  },
  FFMPEG_PATH: {
    schema: z.string().optional(),
    expects: 'a path',
    says: 'ffmpeg, if it is not on PATH',
    standard: 'from PATH',
  },
  FFPROBE_PATH: {
    schema: z.string().optional(),
    expects: 'a path',
    says: 'ffprobe, if it is not on PATH',
    standard: 'from PATH',
  },
  NODE_ENV: {
    schema: z.string().optional(),
    expects: 'production or nothing',
    says: '`production` in the image and under `npm start`',
    standard: 'set by `npm start`',
  },
} as const

export type SettingName = keyof typeof settings

function whole(least: number, most: number, standard: number) {
  return z.coerce.number().int().min(least).max(most).default(standard)
}

function flag(standard: boolean) {
  return z
    .enum(['true', 'false'])
    .default(standard ? 'true' : 'false')
    .transform((text) => text === 'true')
}

function postgresUrl() {
  return z.url({ protocol: /^postgres(ql)?$/ }).optional()
}

function key() {
  return z
    .string()
    .refine((text) => /^[0-9a-f]{64}$/i.test(text) || Buffer.from(text, 'base64').length === 32)
    .optional()
}

/** An address, a network in CIDR notation, or one of the names that the web server knows. */
function isNetwork(text: string): boolean {
  return (
    ['loopback', 'linklocal', 'uniquelocal'].includes(text) ||
    ipaddr.isValid(text) ||
    ipaddr.isValidCIDR(text)
  )
}
