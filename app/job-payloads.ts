/** Every queue and what its jobs carry: ids and slots, never content. */
export type JobPayloads = {
  'generation.run': { generation_id: string }
  /** Lets waiting generations go to providers. It names the one that called for it; every one is looked at. */
  'generation.admit': { generation_id: string }
  /** A step at a provider: send, ask, look for a lost answer. */
  'generation.watch': { generation_id: string }
  'provider.tidy': { attempt_id: string; act: string }
  'providers.read': { slot: string }
  'reference.accept': { reference_id: string }
  'mail.send': { mail_id: string }
  'keys.destroy': Record<string, never>
  'objects.delete': { prefix: string }
  'retention.sweep': { slot: string }
  'promises.check': { slot: string }
  'audit.checkpoint': { slot: string }
}

export const queueNames = [
  'generation.run',
  'generation.admit',
  'generation.watch',
  'provider.tidy',
  'providers.read',
  'reference.accept',
  'mail.send',
  'keys.destroy',
  'objects.delete',
  'retention.sweep',
  'promises.check',
  'audit.checkpoint',
] as const satisfies readonly (keyof JobPayloads)[]
