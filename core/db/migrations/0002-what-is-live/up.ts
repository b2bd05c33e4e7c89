import { type Kysely, sql } from 'kysely'

/**
 * What is being made of a person's: at most a few rows. Without it, everything they made in a day was read for each page and,
 * in the transaction, for each new video.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create index generation_live on generation (subject_id, id)
    where state in ('queued', 'submitted', 'rendering', 'finishing')`.execute(db)
}
