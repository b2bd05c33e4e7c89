/**
 * What pg-boss 12 has no call for, as statements on its tables. They keep to what its own statements do (the states, the
 * attempt's fence `id` and `retry_count`, the notice on its channel); the contract suite holds them to it when the
 * engine's version changes.
 */
import { createHash } from 'node:crypto'

export const SCHEMA = 'pgboss'

/** The channel on which pg-boss says which queue got a job: its name is made from the schema's. */
export const CHANNEL = `pgboss_${createHash('sha224').update(SCHEMA).digest('hex').slice(0, 24)}`

const job = `${SCHEMA}.job`

/** $1 queues. The queue whose first job comes first, that job's priority, and how many jobs each person runs in it. */
export const firstDue = `
  select q.name as queue, first.priority,
    (select coalesce(json_object_agg(busy.group_id, busy.jobs), '{}') from
      (select group_id, count(*)::int as jobs from ${job}
        where name = q.name and state = 'active' and group_id is not null group by group_id) busy) as busy
  from unnest($1::text[]) as q (name) cross join lateral
    (select priority, start_after, created_on from ${job}
      where name = q.name and state < 'active' and not blocked and start_after <= now()
      order by priority desc, created_on limit 1) first
  order by first.priority desc, first.created_on limit 1`

/** $1 queue, $2 uuid, $3 attempt's retry_count, $4 seconds. The lease of one claim. */
export const setLease = `
  update ${job} set heartbeat_seconds = $4
  where name = $1 and id = $2 and retry_count = $3 and state = 'active'`

/** $1 queue, $2 uuid, $3 attempt's retry_count. The limit grows with the count, so this attempt does not count. */
export const release = `
  with released as (
    update ${job} set state = 'retry', retry_limit = retry_limit + 1, heartbeat_on = null, start_after = now()
    where name = $1 and id = $2 and retry_count = $3 and state = 'active' returning name)
  select pg_notify('${CHANNEL}', name) from released`

/** The key under which a job lies that follows one that runs: of `exclusive` queues no two have the same. */
export const FOLLOWING = 'then:'

/** $1 queue, $2 key. */
export const cancel = `
  delete from ${job}
  where name = $1 and singleton_key in ($2, '${FOLLOWING}' || $2) and state < 'active' returning id`

/**
 * $1 queue, $2 key. The state of the job that waits or runs under it. Until the caller's commit it is not claimed, which
 * skips what is locked, and does not end: whoever works on it next sees what the caller wrote.
 */
export const hold = `
  select state from ${job}
  where name = $1 and coalesce(singleton_key, '') = $2 and state <= 'active' and policy = 'exclusive' for share`

/** $1 queue, $2 uuid. */
export const block = `update ${job} set blocked = true where name = $1 and id = $2`

const taken = `returning f.id, f.name, f.data, f.group_id, f.priority, f.retry_limit,
    substr(f.singleton_key, ${FOLLOWING.length + 1}) as key,
    greatest(0, extract(epoch from f.start_after - now()) * 1000)::float8 as delay`

/** $1 queue, $2 uuid. Takes away what follows this job. */
export const takeFollower = `
  delete from ${job} f using ${job} before
  where before.name = $1 and before.id = $2 and f.name = $1
    and coalesce(f.singleton_key, '') = '${FOLLOWING}' || before.singleton_key
    and f.state <= 'active' and f.policy = 'exclusive' ${taken}`

/** $1 queues. Takes away what follows a job that does not run any more. */
export const takeFollowers = `
  delete from ${job} f
  where f.name = any($1) and f.blocked and f.state < 'active' and f.singleton_key like '${FOLLOWING}%' and not exists (
    select from ${job} before
    where before.name = f.name and before.state = 'active'
      and before.singleton_key = substr(f.singleton_key, ${FOLLOWING.length + 1})) ${taken}`

/** $1 queues. Jobs whose worker has not been heard of for longer than its lease. */
export const countExpired = `
  select count(*)::int as jobs from ${job}
  where name = any($1) and state = 'active' and heartbeat_on + heartbeat_seconds * interval '1s' < now()`

/** $1 queues, $2 the urgent priority, $3 seconds. */
export const hurry = `
  update ${job} set priority = $2
  where name = any($1) and state < 'active' and priority < $2 and start_after < now() - $3 * interval '1s'`

/** $1 queues, $2 age in seconds, $3 the pattern of `once` keys, $4 their age in seconds, $5 how many at most. */
export const prune = `
  delete from ${job} where name = any($1) and id in (
    select id from ${job}
    where name = any($1) and state in ('completed', 'failed', 'cancelled') and completed_on < now() - $2 * interval '1s'
      and (singleton_key not like $3 or completed_on < now() - $4 * interval '1s')
    limit $5)
  returning id`

/** $1 queues, $2 limit. */
export const dead = `
  select id, name, data, group_id, output, retry_count, extract(epoch from now() - completed_on)::float8 as age
  from ${job}
  where name = any($1) and state = 'failed' order by completed_on desc limit $2`

/** $1 queues, $2 uuid. */
export const retryDead = `
  with revived as (
    update ${job} j set state = 'retry', retry_limit = retry_limit + 1, completed_on = null, start_after = now()
    where name = any($1) and id = $2 and state = 'failed' and not exists (
      select from ${job} living
      where living.name = j.name and living.singleton_key = j.singleton_key and living.state <= 'active')
    returning name)
  select name, pg_notify('${CHANNEL}', name) from revived`

/** $1 queues. */
export const counts = `
  select name, count(*) filter (where state < 'active')::int as waiting,
    count(*) filter (where state = 'active')::int as active, count(*) filter (where state = 'failed')::int as dead
  from ${job} where name = any($1) and state in ('created', 'retry', 'active', 'failed') group by name`
