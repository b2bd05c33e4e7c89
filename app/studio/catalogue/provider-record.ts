import { z } from 'zod'

/**
 * What is known of a provider before anybody connects to it: who it is in law, what it keeps, and how gently it wants to
 * be asked. Shipped as data (`providers.ts`); the operator confirms or corrects it when he connects.
 */
export const safeguards = [
  /** The machine stands with the operator: nobody receives anything. */
  'own_machine',
  /** A country with an adequacy decision (GDPR art. 45), the EU-US Data Privacy Framework among them. */
  'adequacy',
  /** Standard contractual clauses (GDPR art. 46(2)(c)). */
  'standard_clauses',
] as const

export const keeping = z.strictObject({
  /** What it keeps of a job: a sentence for people. */
  says: z.string().min(1).max(300),
  /** For how many days at most; null when it does not say. */
  days: z.number().min(0).max(3650).nullable(),
  /** Whether it may train on what it is given. */
  trains: z.enum(['yes', 'no', 'unknown']),
  /** Whether it deletes on request of a program. */
  deletes: z.enum(['everything', 'partly', 'nothing']),
  /** Where it says so. */
  source: z.url().optional(),
})

export const providerRecord = z.strictObject({
  /** Of the connection that is made of it. */
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/),
  driver: z.string(),
  title: z.string().min(1).max(60),
  /** What stands in the form to connect, where the driver serves many and this is one of them. */
  prefilled: z
    .strictObject({
      addresses: z.record(z.string(), z.url()),
      settings: z.record(z.string(), z.unknown()),
    })
    .optional(),
  processor: z.strictObject({
    /** The company's name in law; empty for a machine of one's own. */
    name: z.string().max(120),
    /** ISO 3166-1 alpha-2; empty when unknown. */
    country: z.string().regex(/^([A-Z]{2})?$/),
    safeguard: z.enum(safeguards).nullable(),
  }),
  keeps: keeping,
  limits: z.strictObject({
    /** Submissions per ten seconds, over all processes. */
    submitsPer10s: z.number().int().min(1),
    /** Questions about jobs per second, over all processes. */
    pollsPerSecond: z.number().min(0.1),
    /** Jobs at the provider at a time. */
    inFlight: z.number().int().min(1),
  }),
})

export type ProviderRecord = z.infer<typeof providerRecord>
export type Keeping = z.infer<typeof keeping>
export type Safeguard = (typeof safeguards)[number]
