import type { House } from '#app/house.ts'

/** What anyone may know of a video: what its manifest says to the world already, and nothing of its prompt or person. */
export interface PublicRecord {
  signedAt: number
  model: string
  kind: 'algorithmic' | 'trained'
  durationMs: number | null
  width: number
  height: number
  /** SHA-256 of the file as it was delivered, as hex. */
  sha256: string
  /** SHA-256 of the certificate that signed it, as hex. */
  certificate: string
}

/** Undefined for an unknown id and for a video that was withdrawn: the two must not be told apart. */
export async function publicRecord(
  { db, catalogue }: House,
  publicId: string,
): Promise<PublicRecord | undefined> {
  if (!/^[\w-]{8,64}$/.test(publicId)) return undefined
  const row = await db.read
    .selectFrom('stamp as s')
    .innerJoin('generation as g', 'g.id', 's.generation_id')
    .innerJoin('asset as a', 'a.id', 's.asset_id')
    .select([
      's.signed_at',
      's.sha256',
      's.certificate_sha256',
      'g.model',
      'a.duration_ms',
      'a.width',
      'a.height',
    ])
    .where('s.public_id', '=', publicId)
    // Its poster and its preview lead here as well.
    .where('a.kind', '=', 'video')
    .where('g.state', '=', 'ready')
    .executeTakeFirst()
  if (!row) return undefined
  const model = (await catalogue.model(row.model))?.record
  return {
    signedAt: row.signed_at,
    model: model?.name ?? row.model,
    kind: model?.kind ?? 'trained',
    durationMs: row.duration_ms,
    width: row.width,
    height: row.height,
    sha256: row.sha256,
    certificate: row.certificate_sha256,
  }
}
