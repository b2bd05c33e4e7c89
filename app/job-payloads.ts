/** Every queue and what its jobs carry: ids and slots, never content. */
export type JobPayloads = {
  'generation.run': { generation_id: string }
  'mail.send': { mail_id: string }
  'keys.destroy': Record<string, never>
  'objects.delete': { prefix: string }
  'retention.sweep': { slot: string }
  'promises.check': { slot: string }
  'audit.checkpoint': { slot: string }
}

export const queueNames = [
  'generation.run',
  'mail.send',
  'keys.destroy',
  'objects.delete',
  'retention.sweep',
  'promises.check',
  'audit.checkpoint',
] as const satisfies readonly (keyof JobPayloads)[]
