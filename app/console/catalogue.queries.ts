import { liveStates } from '#app/studio/generations/states.ts'
import type { ModelSettingTable, RouteHealthTable, RouteSettingTable } from '#core/db/schema/providers.ts'
import type { ReadOrTx, Tx } from '#core/db/schema/schema.ts'
import { firstIdAt } from '#core/ids/ids.ts'

export async function modelSetting(read: ReadOrTx, id: string): Promise<ModelSettingTable | undefined> {
  return read.selectFrom('model_setting').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Records of the operator's own. */
export async function ownRecords(read: ReadOrTx): Promise<ModelSettingTable[]> {
  return read.selectFrom('model_setting').selectAll().where('record', 'is not', null).orderBy('id').execute()
}

/** The row of a model, made with nothing set if there was none; held until the transaction ends. */
export async function lockModelSetting(tx: Tx, id: string, now: number): Promise<ModelSettingTable> {
  return tx
    .insertInto('model_setting')
    .values({
      id,
      record: null,
      is_on: 1,
      price_rule: null,
      price_version: 0,
      lifecycle: null,
      most_seconds: null,
      most_live: null,
      updated_at: now,
    })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ updated_at: now }))
    .returningAll()
    .executeTakeFirstOrThrow()
}

export async function changeModelSetting(
  tx: Tx,
  id: string,
  change: Partial<Omit<ModelSettingTable, 'id'>>,
): Promise<void> {
  await tx.updateTable('model_setting').set(change).where('id', '=', id).execute()
}

/** All that was set of it, and of its routes. */
export async function forgetModel(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('model_setting').where('id', '=', id).execute()
  await tx.deleteFrom('route_setting').where('model', '=', id).execute()
  await tx.deleteFrom('route_health').where('model', '=', id).execute()
}

export async function routeSettings(read: ReadOrTx, model: string): Promise<RouteSettingTable[]> {
  return read.selectFrom('route_setting').selectAll().where('model', '=', model).execute()
}

export async function changeRouteSetting(
  tx: Tx,
  key: { model: string; route: string },
  change: Partial<Omit<RouteSettingTable, 'model' | 'route'>>,
  now: number,
): Promise<void> {
  const nothing = { is_on: 1 as const, position: null, cost_rule: null, cost_version: 0 }
  await tx
    .insertInto('route_setting')
    .values({ ...key, ...nothing, ...change, updated_at: now })
    .onConflict((conflict) =>
      conflict.columns(['model', 'route']).doUpdateSet({ ...change, updated_at: now }),
    )
    .execute()
}

export async function routeHealth(read: ReadOrTx, model: string): Promise<RouteHealthTable[]> {
  return read.selectFrom('route_health').selectAll().where('model', '=', model).execute()
}

/** The newest attempts of a route that ended since then, at most `limit`. */
export async function endedAttempts(
  read: ReadOrTx,
  { model, route, provider }: { model: string; route: string; provider: string },
  since: number,
  limit: number,
) {
  return (
    read
      .selectFrom('attempt')
      .innerJoin('generation', 'generation.id', 'attempt.generation_id')
      .select(['attempt.state', 'attempt.error_class', 'attempt.started_at', 'attempt.ended_at'])
      .where('attempt.id', '>=', firstIdAt('attempt', since))
      .where('attempt.provider', '=', provider)
      .where('attempt.state', 'in', ['succeeded', 'failed'])
      .where('generation.model', '=', model)
      // Ids of routes are letters, digits, points and dashes: nothing in them is a pattern, and JSON writes them as they are.
      .where('attempt.route', 'like', `%"route":"${route}"%` as never)
      .orderBy('attempt.id', 'desc')
      .limit(limit)
      .execute()
  )
}

/** How many generations of a model are not over. */
export async function liveOf(read: ReadOrTx, model: string): Promise<number> {
  const row = await read
    .selectFrom('generation')
    .select((e) => e.fn.countAll<number>().as('n'))
    .where('state', 'in', liveStates)
    .where('model', '=', model)
    .executeTakeFirstOrThrow()
  return Number(row.n)
}
