-- A PAGE OF CREATIONS

select *
  from "generation"
  where "subject_id" = $1 and "id" < $2 and state not in ('expired', 'removed')
  order by "id" desc limit $3
--   SEARCH generation USING generation_shown ((subject_id = ?) AND (id < ?))

select "s"."generation_id", "s"."public_id", "s"."manifest_label", "s"."signed_at", "s"."engine"
  from "stamp" as "s"
  inner join "asset" as "a" on "a"."id" = "s"."asset_id"
  where "s"."generation_id" in ($1) and "a"."kind" = $2
--   SEARCH stamp USING stamp_of_generation (generation_id = ?)
--   SEARCH asset USING asset_pk (id = s.asset_id)

select "generation_id", "reference_id"
  from "generation_input"
  where "generation_id" in ($1, $2) and "role" = $3
--   SEARCH generation_input USING generation_input_pk ((generation_id = ANY (?)) AND (role = ?))

-- A PAGE OF SAVED CREATIONS

select *
  from "generation"
  where "subject_id" = $1 and "saved_at" is not null and "state" = $2 and "id" < $3
  order by "id" desc limit $4
--   SEARCH generation USING generation_shown ((subject_id = ?) AND (id < ?))

-- A CREATION, BY ITS OWNER

select *
  from "generation"
  where "id" = $1 and "subject_id" = $2
--   SEARCH generation USING generation_of_subject ((subject_id = ?) AND (id = ?))

select "s"."generation_id", "s"."public_id", "s"."manifest_label", "s"."signed_at", "s"."engine"
  from "stamp" as "s"
  inner join "asset" as "a" on "a"."id" = "s"."asset_id"
  where "s"."generation_id" in ($1) and "a"."kind" = $2
--   SEARCH stamp USING stamp_of_generation (generation_id = ?)
--   SEARCH asset USING asset_pk (id = s.asset_id)

select "generation_id", "reference_id"
  from "generation_input"
  where "generation_id" in ($1) and "role" = $2
--   SEARCH generation_input USING generation_input_pk ((generation_id = ?) AND (role = ?))

select *
  from "generation_event"
  where "generation_id" = $1
  order by "seq"
--   SEARCH generation_event USING generation_event_pk (generation_id = ?)

select "kind", "size", "width", "height", "duration_ms", "media_type"
  from "asset"
  where "generation_id" = $1 and "subject_id" = $2
--   SEARCH asset USING asset_of_generation (generation_id = ?)

select "i"."role", "i"."reference_id", "i"."source_id", "g"."state" as "source_state", "a"."subject_id", "a"."key_id", "a"."kind", "a"."object_key", "a"."media_type", "a"."size", "a"."width", "a"."height", "a"."duration_ms", "g"."model" as "made_model", "g"."settings" as "made_settings", "t"."provider" as "made_provider", "t"."provider_job" as "made_job", "t"."accepted_at" as "made_at"
  from "generation_input" as "i"
  left join "generation" as "g" on "g"."id" = "i"."source_id"
  inner join "asset" as "a" on ("a"."reference_id" = "i"."reference_id" or ("a"."generation_id" = "g"."id" and "a"."kind" = $1))
  left join "attempt" as "t" on "t"."generation_id" = "g"."id" and "t"."state" = $2
  where "i"."generation_id" = $3
  order by "i"."role", "i"."position"
--   SEARCH generation_input USING generation_input_pk (generation_id = ?)
--   SEARCH generation USING generation_pk (id = i.source_id)
--   SEARCH attempt USING attempt_number (generation_id = g.id)
--   SCAN asset
--   SEARCH undefined USING asset_of_reference (reference_id = i.reference_id)
--   SEARCH undefined USING asset_of_generation ((generation_id = g.id) AND (kind = ?))

select *
  from "attempt"
  where "generation_id" = $1
  order by "number" desc limit $2
--   SEARCH attempt USING attempt_number (generation_id = ?)

-- WHAT IS NEW FOR ONE BROWSER

select "s"."id"
  from "session" as "s"
  inner join "subject" as "p" on "p"."id" = "s"."subject_id"
  where "s"."id" = $1 and "s"."subject_id" = $2 and "s"."expires_at" > $3 and "p"."status" = $4
--   SEARCH session USING session_pk (id = ?)
--   SEARCH subject USING subject_by_status ((status = ?) AND (id = ? COLLATE "C"))

select *
  from "generation"
  where "subject_id" = $1 and "updated_at" >= $2 and "id" >= $3
  order by "id" desc limit $4
--   SEARCH generation USING generation_of_subject ((subject_id = ?) AND (id >= ?))

select *
  from "generation"
  where "subject_id" = $1 and state in ('queued', 'submitted', 'rendering', 'finishing')
  order by "id" desc
--   SEARCH generation USING generation_live (subject_id = ?)

select "balance", "held"
  from "ledger_account"
  where "id" = $1
--   SEARCH ledger_account USING ledger_account_pk (id = ?)

select "generation_id", "reference_id"
  from "generation_input"
  where "generation_id" in ($1) and "role" = $2
--   SEARCH generation_input USING generation_input_pk ((generation_id = ?) AND (role = ?))

-- A SESSION, BY ITS COOKIE

select *
  from "session"
  where "id" = $1
--   SEARCH session USING session_pk (id = ?)

select "p".*, "s"."created_at" as "session_created_at", "s"."last_seen_at" as "session_seen_at"
  from "session" as "s"
  inner join "subject" as "p" on "p"."id" = "s"."subject_id"
  where "s"."id" = $1
--   SEARCH session USING session_pk (id = ?)
--   SEARCH subject USING subject_pk (id = s.subject_id)

update "session"
  set "last_seen_at" = $1
  where "id" = $2
--   SEARCH session USING session_pk (id = ?)

-- A KEY OF THE API

select "k"."id", "k"."subject_id", "k"."scopes", "k"."last_used_at"
  from "api_key" as "k"
  inner join "subject" as "s" on "s"."id" = "k"."subject_id"
  where "k"."hash" = $1 and "k"."revoked_at" is null and ("k"."expires_at" is null or "k"."expires_at" > $2) and "s"."status" = $3
--   SEARCH api_key USING api_key_hash (hash = ?)
--   SEARCH subject USING subject_by_status (status = ?)

update "api_key"
  set "last_used_at" = $1
  where "id" = $2
--   SEARCH api_key USING api_key_pk (id = ?)

-- A PAGE OF THE STATEMENT OF CREDITS

select l.*, (select balance - held
  from ledger_account
  where id = $1) - (coalesce(((select sum("e"."amount") as "n"
  from "ledger_transfer" as "t"
  inner join "ledger_entry" as "e" on "e"."transfer_id" = "t"."id"
  where "t"."subject_id" = $2 and "e"."account_id" = $3 and "t"."kind" <> $4 and "t"."id" >= $5)), 0) + coalesce(((select sum(case when h.state = 'released' then 0 else -h.amount end) as "n"
  from "credit_hold" as "h"
  where "h"."subject_id" = $6 and "h"."id" >= $7)), 0)) as left_at_top
  from (select *
  from ((select substr("t"."id", 5) as "place", "t"."at" as "at", "t"."kind" as "kind", "t"."key" as "key", null as "state", null as "generation_id", null as "generation_state", "e"."amount" as "amount", "e"."amount" as "effect"
  from "ledger_transfer" as "t"
  inner join "ledger_entry" as "e" on "e"."transfer_id" = "t"."id"
  where "t"."subject_id" = $8 and "e"."account_id" = $9 and "t"."kind" <> $10 and "t"."id" < $11
  order by "t"."id" desc limit $12)) x
  union all select *
  from ((select substr("h"."id", 5) as "place", "h"."created_at" as "at", null as "kind", null as "key", "h"."state" as "state", "h"."generation_id" as "generation_id", "g"."state" as "generation_state", "h"."amount" as "amount", case when h.state = 'released' then 0 else -h.amount end as "effect"
  from "credit_hold" as "h"
  left join "generation" as "g" on "g"."id" = "h"."generation_id"
  where "h"."subject_id" = $13 and "h"."id" < $14
  order by "h"."id" desc limit $15)) y) l
  order by place desc limit $16
--   SEARCH ledger_account USING ledger_account_pk (id = ?)
--   SEARCH ledger_transfer USING ledger_transfer_of_subject ((subject_id = ? COLLATE "C") AND (id >= ?))
--   SEARCH ledger_entry USING ledger_entry_of_transfer (transfer_id = t_1.id)
--   SEARCH credit_hold USING credit_hold_of_subject ((subject_id = ?) AND (id >= ?))
--   SORT by x.place COLLATE "C" DESC
--   SEARCH ledger_transfer USING ledger_transfer_of_subject ((subject_id = ? COLLATE "C") AND (id < ?))
--   SEARCH ledger_entry USING ledger_entry_of_transfer (transfer_id = t.id)
--   SEARCH credit_hold USING credit_hold_of_subject ((subject_id = ?) AND (id < ?))
--   SEARCH generation USING generation_pk (id = h.generation_id)

-- THE NEXT JOB

select q.name as queue, first.priority, (select coalesce(json_object_agg(busy.group_id, busy.jobs), '{}')
  from (select group_id, count(*)::int as jobs
  from pgboss.job
  where name = q.name and state = 'active' and group_id is not null
  group by group_id) busy) as busy
  from unnest($1::text[]) as q (name) cross join lateral (select priority, start_after, created_on
  from pgboss.job
  where name = q.name and state < 'active' and not blocked and start_after <= now()
  order by priority desc, created_on limit 1) first
  order by first.priority desc, first.created_on limit 1
--   SORT by job.priority DESC, job.created_on
--   SEARCH job_common USING job_common_i11 ((name = q.name) AND (start_after <= now()))
--   SEARCH job_common USING job_common_i7 (name = q.name)

-- WHAT IS PAST ITS DEADLINE

select "id"
  from "generation"
  where "state" in ($1, $2, $3, $4) and "deadline_at" < $5 limit $6
--   SEARCH generation USING generation_live (the whole)

-- A BATCH OF EACH RULE OF RETENTION

select "id", "key_id"
  from "generation"
  where "expires_at" <= $1
  order by "expires_at" limit $2
--   SEARCH generation USING generation_by_expiry (expires_at <= ?)

update "generation"
  set "prompt_sealed" = $1, "texts_sealed" = $2, "state" = $3, "updated_at" = $4, "expires_at" = $5, "seq" = seq + 1
  where "id" = $6 and "state" in ($7, $8, $9, $10)
  returning "seq", "subject_id", "credit_hold_id", "key_id"
--   SEARCH generation USING generation_shown (id = ?)

delete from "stamp"
  where "generation_id" = $1
--   SEARCH stamp USING stamp_of_generation (generation_id = ?)

delete from "asset"
  where "generation_id" = $1
--   SEARCH asset USING asset_of_generation (generation_id = ?)

select *
  from "attempt"
  where "generation_id" = $1
  order by "number"
--   SEARCH attempt USING attempt_number (generation_id = ?)

select "id"
  from "generation"
  where "state" in ($1, $2) and "updated_at" < $3 limit $4
--   SEARCH generation USING generation_by_state (state = ANY (?))

select *
  from "reference" as "r"
  where "r"."created_at" < $1 and not exists (select "g"."id"
  from "generation_input" as "i"
  inner join "generation" as "g" on "g"."id" = "i"."generation_id"
  where "i"."reference_id" = "r"."id" and "g"."state" not in ($2, $3))
  order by "r"."id" limit $4
--   SEARCH reference USING reference_pk (the whole)
--   SEARCH generation_input USING generation_input_of_reference (reference_id = r.id)
--   SEARCH generation USING generation_shown (id = i.generation_id)

delete from "api_request"
  where ("id") in (select "id"
  from "api_request"
  where "at" < $1 limit $2) and "at" < $3
--   SEARCH api_request USING api_request_by_age (at < ?)
--   SEARCH api_request USING api_request_by_age (at < ?)

delete from "session"
  where ("id") in (select "id"
  from "session"
  where "expires_at" < $1 limit $2) and "expires_at" < $3
--   SEARCH session USING session_by_expiry (expires_at < ?)
--   SEARCH session USING session_by_expiry (expires_at < ?)

delete from "session"
  where ("id") in (select "id"
  from "session"
  where "created_at" < $1 limit $2) and "created_at" < $3
--   SEARCH session USING session_by_age (created_at < ?)
--   SEARCH session USING session_by_age (created_at < ?)

delete from "one_time_token"
  where ("id") in (select "id"
  from "one_time_token"
  where "expires_at" < $1 limit $2) and "expires_at" < $3
--   SEARCH one_time_token USING one_time_token_by_expiry (expires_at < ?)
--   SEARCH one_time_token USING one_time_token_by_expiry (expires_at < ?)

delete from "rate_counter"
  where ("key") in (select "key"
  from "rate_counter"
  where "resets_at" < $1 limit $2) and "resets_at" < $3
--   SEARCH rate_counter USING rate_counter_by_reset (resets_at < ?)
--   SEARCH rate_counter USING rate_counter_by_reset (resets_at < ?)

delete from "retention_run"
  where ("id") in (select "id"
  from "retention_run"
  where "started_at" < $1 limit $2) and "started_at" < $3
--   SEARCH retention_run USING retention_run_by_age (started_at < ?)
--   SEARCH retention_run USING retention_run_by_age (started_at < ?)

delete from "transfer"
  where ("id") in (select "id"
  from "transfer"
  where "id" < $1 limit $2) and "id" < $3
--   SEARCH transfer USING transfer_pk (id < ?)
--   SEARCH transfer USING transfer_pk (id < ?)

delete from "offer_change"
  where ("id") in (select "id"
  from "offer_change"
  where "at" < $1 limit $2) and "at" < $3
--   SEARCH offer_change USING offer_change_by_age (at < ?)
--   SEARCH offer_change USING offer_change_by_age (at < ?)

delete from "webhook_delivery"
  where ("provider", "delivery") in (select "provider", "delivery"
  from "webhook_delivery"
  where "at" < $1 limit $2) and "at" < $3
--   SEARCH webhook_delivery USING webhook_delivery_by_age (at < ?)
--   SEARCH webhook_delivery USING webhook_delivery_by_age (at < ?)

delete from "provider_reading"
  where ("provider", "at") in (select "provider", "at"
  from "provider_reading"
  where "at" < $1 limit $2) and "at" < $3
--   SEARCH provider_reading USING provider_reading_by_age (at < ?)
--   SEARCH provider_reading USING provider_reading_by_age (at < ?)

delete from "idempotency"
  where ("subject_id", "key_hash") in (select "subject_id", "key_hash"
  from "idempotency"
  where "created_at" < $1 limit $2) and "created_at" < $3
--   SEARCH idempotency USING idempotency_by_age (created_at < ?)
--   SEARCH idempotency USING idempotency_by_age (created_at < ?)

select "id", "key_id"
  from "mail"
  where "id" < $1 limit $2
--   SEARCH mail USING mail_pk (id < ?)

delete from "generation_input"
  where "source_id" in ($1)
--   SEARCH generation_input USING generation_input_of_source (source_id = ?)

delete from "generation_event"
  where "generation_id" in ($1)
--   SEARCH generation_event USING generation_event_pk (generation_id = ?)

delete from "generation_input"
  where "generation_id" in ($1)
--   SEARCH generation_input USING generation_input_pk (generation_id = ?)

delete from "attempt"
  where "generation_id" in ($1)
--   SEARCH attempt USING attempt_number (generation_id = ?)

delete from "screening"
  where "generation_id" in ($1)
--   SEARCH screening USING screening_of_generation (generation_id = ?)

delete from "idempotency"
  where "generation_id" in ($1)
--   SEARCH idempotency USING idempotency_of_generation (generation_id = ?)

delete from "generation"
  where "id" in ($1)
--   SEARCH generation USING generation_pk (id = ?)
