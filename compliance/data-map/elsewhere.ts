import type { Purpose } from './rules.ts'

/** What is personal or might be and lies in no table of ours. Named here so that interpreters of the map do not forget it. */
export interface ElsewhereRule {
  where:
    | 'objects'
    | 'queue engine'
    | 'log files'
    | 'scratch folder'
    | 'keyring'
    | 'cookie'
    | 'browser storage'
  /** A prefix, table, path or cookie name. */
  name: string
  what: string
  purpose: Purpose
  keep: string
  erasure: string
}

export const elsewhere = [
  {
    where: 'objects',
    name: 'generations/',
    what: 'Videos, posters and previews, sealed under the key of their generation',
    purpose: 'making_videos',
    keep: 'as long as the creation',
    erasure: 'the key is destroyed, then the object is deleted',
  },
  {
    where: 'objects',
    name: 'references/',
    what: 'Reference pictures, sealed under the key of the reference',
    purpose: 'making_videos',
    keep: 'as long as a creation was made from it',
    erasure: 'the key is destroyed, then the object is deleted',
  },
  {
    where: 'queue engine',
    name: 'pgboss.*',
    what: 'Jobs on PostgreSQL: ids and allow-listed fields',
    purpose: 'operation',
    keep: '14 days after they ended',
    erasure: 'carries no content; goes with its time',
  },
  {
    where: 'log files',
    name: 'logs/',
    what: 'What the programs did, without names, addresses, prompts or secrets',
    purpose: 'operation',
    keep: 'KEEP_LOG_DAYS',
    erasure: 'goes with its time',
  },
  {
    where: 'scratch folder',
    name: 'scratch/',
    what: 'Plain frames while a video is being made',
    purpose: 'making_videos',
    keep: 'until the video is made; wiped at start; in no backup',
    erasure: 'gone before the video is ready',
  },
  {
    where: 'keyring',
    name: 'keyring/',
    what: 'Wrapped keys, the tally of unsealings and the journal, by random ids and keyed hashes',
    purpose: 'security',
    keep: 'keys as long as their thing; the journal as long as old backups exist',
    erasure: 'the content and account keys of the person are destroyed',
  },
  {
    where: 'cookie',
    name: '__Host-session',
    what: 'Keeps you signed in (called `session` on plain HTTP)',
    purpose: 'account',
    keep: '60 days at most, 14 without use',
    erasure: 'ends with the session',
  },
  {
    where: 'cookie',
    name: 'age',
    what: 'That this browser answered the age question with too young; set only then',
    purpose: 'account',
    keep: 'one day',
    erasure: 'goes by itself',
  },
  {
    where: 'cookie',
    name: 'theme',
    what: 'Light or dark, while signed out',
    purpose: 'account',
    keep: 'one year',
    erasure: 'goes by itself',
  },
  {
    where: 'cookie',
    name: 'tz',
    what: 'The time zone of your browser, set where you sign up or in, so that times are yours from then on',
    purpose: 'account',
    keep: 'until the browser is closed',
    erasure: 'goes by itself',
  },
  {
    where: 'browser storage',
    name: 'draft',
    what: 'The prompt you are writing, in your own browser, so that a reload does not lose it',
    purpose: 'making_videos',
    keep: 'until the tab is closed or the video is asked for',
    erasure: 'never leaves the browser',
  },
] as const satisfies readonly ElsewhereRule[]
