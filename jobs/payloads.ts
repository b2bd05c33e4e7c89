/** Every queue of the house and what its jobs carry. A new kind of work is a line in both lists; the compiler compares them. */
export interface JobPayloads {
  'generation.run': { generation_id: string }
  'objects.delete': { generation_id: string }
  'mail.send': { mail_id: string }
  'keys.destroy': Record<string, never>
  'retention.sweep': { slot: string }
  'promises.check': { slot: string }
}

export const queueNames = Object.keys({
  'generation.run': true,
  'objects.delete': true,
  'mail.send': true,
  'keys.destroy': true,
  'retention.sweep': true,
  'promises.check': true,
} satisfies Record<keyof JobPayloads, true>) as (keyof JobPayloads)[]
