-- A PAGE OF CREATIONS

select *
  from "generation"
  where "subject_id" = ? and "id" < ? and state not in ('expired', 'removed')
  order by "id" desc limit ?
--   SEARCH generation USING INDEX generation_shown (subject_id=? AND id<?)

select "s"."generation_id", "s"."public_id", "s"."manifest_label", "s"."signed_at", "s"."engine"
  from "stamp" as "s"
  inner join "asset" as "a" on "a"."id" = "s"."asset_id"
  where "s"."generation_id" in (?) and "a"."kind" = ?
--   SEARCH s USING INDEX stamp_of_generation (generation_id=?)
--   SEARCH a USING INDEX sqlite_autoindex_asset_1 (id=?)

select "generation_id", "reference_id"
  from "generation_input"
  where "generation_id" in (?, ?) and "role" = ?
--   SEARCH generation_input USING INDEX sqlite_autoindex_generation_input_1 (generation_id=? AND role=?)

-- A PAGE OF SAVED CREATIONS

select *
  from "generation"
  where "subject_id" = ? and "saved_at" is not null and "state" = ? and "id" < ?
  order by "id" desc limit ?
--   SEARCH generation USING INDEX generation_saved (subject_id=? AND id<?)

-- A CREATION, BY ITS OWNER

select *
  from "generation"
  where "id" = ? and "subject_id" = ?
--   SEARCH generation USING INDEX sqlite_autoindex_generation_1 (id=?)

select "s"."generation_id", "s"."public_id", "s"."manifest_label", "s"."signed_at", "s"."engine"
  from "stamp" as "s"
  inner join "asset" as "a" on "a"."id" = "s"."asset_id"
  where "s"."generation_id" in (?) and "a"."kind" = ?
--   SEARCH s USING INDEX stamp_of_generation (generation_id=?)
--   SEARCH a USING INDEX sqlite_autoindex_asset_1 (id=?)

select "generation_id", "reference_id"
  from "generation_input"
  where "generation_id" in (?) and "role" = ?
--   SEARCH generation_input USING INDEX sqlite_autoindex_generation_input_1 (generation_id=? AND role=?)

select *
  from "generation_event"
  where "generation_id" = ?
  order by "seq"
--   SEARCH generation_event USING INDEX sqlite_autoindex_generation_event_1 (generation_id=?)

select "kind", "size", "width", "height", "duration_ms", "media_type"
  from "asset"
  where "generation_id" = ? and "subject_id" = ?
--   SEARCH asset USING INDEX asset_of_generation (generation_id=?)

select "i"."role", "i"."reference_id", "i"."source_id", "g"."state" as "source_state", "a"."subject_id", "a"."key_id", "a"."kind", "a"."object_key", "a"."media_type", "a"."size", "a"."width", "a"."height", "a"."duration_ms", "g"."model" as "made_model", "g"."settings" as "made_settings", "t"."provider" as "made_provider", "t"."provider_job" as "made_job", "t"."accepted_at" as "made_at"
  from "generation_input" as "i"
  left join "generation" as "g" on "g"."id" = "i"."source_id"
  inner join "asset" as "a" on ("a"."reference_id" = "i"."reference_id" or ("a"."generation_id" = "g"."id" and "a"."kind" = ?))
  left join "attempt" as "t" on "t"."generation_id" = "g"."id" and "t"."state" = ?
  where "i"."generation_id" = ?
  order by "i"."role", "i"."position"
--   SEARCH i USING INDEX sqlite_autoindex_generation_input_1 (generation_id=?)
--   SEARCH g USING INDEX sqlite_autoindex_generation_1 (id=?) LEFT-JOIN
--   SEARCH a USING INDEX asset_of_reference (reference_id=?)
--   SEARCH a USING INDEX asset_of_generation (generation_id=? AND kind=?)
--   SEARCH t USING INDEX attempt_number (generation_id=?) LEFT-JOIN

select *
  from "attempt"
  where "generation_id" = ?
  order by "number" desc limit ?
--   SEARCH attempt USING INDEX attempt_number (generation_id=?)

-- WHAT IS NEW FOR ONE BROWSER

select "s"."id"
  from "session" as "s"
  inner join "subject" as "p" on "p"."id" = "s"."subject_id"
  where "s"."id" = ? and "s"."subject_id" = ? and "s"."expires_at" > ? and "p"."status" = ?
--   SEARCH s USING INDEX sqlite_autoindex_session_1 (id=?)
--   SEARCH p USING COVERING INDEX subject_by_status (status=? AND id=?)

select *
  from "generation"
  where "subject_id" = ? and "updated_at" >= ? and "id" >= ?
  order by "id" desc limit ?
--   SEARCH generation USING INDEX generation_of_subject (subject_id=? AND id>?)

select *
  from "generation"
  where "subject_id" = ? and state in ('queued', 'submitted', 'rendering', 'finishing')
  order by "id" desc
--   SEARCH generation USING INDEX generation_live (subject_id=?)

select "balance", "held"
  from "ledger_account"
  where "id" = ?
--   SEARCH ledger_account USING INDEX sqlite_autoindex_ledger_account_1 (id=?)

select "generation_id", "reference_id"
  from "generation_input"
  where "generation_id" in (?) and "role" = ?
--   SEARCH generation_input USING INDEX sqlite_autoindex_generation_input_1 (generation_id=? AND role=?)

-- A SESSION, BY ITS COOKIE

select *
  from "session"
  where "id" = ?
--   SEARCH session USING INDEX sqlite_autoindex_session_1 (id=?)

select "p".*, "s"."created_at" as "session_created_at", "s"."last_seen_at" as "session_seen_at"
  from "session" as "s"
  inner join "subject" as "p" on "p"."id" = "s"."subject_id"
  where "s"."id" = ?
--   SEARCH s USING INDEX sqlite_autoindex_session_1 (id=?)
--   SEARCH p USING INDEX sqlite_autoindex_subject_1 (id=?)

update "session"
  set "last_seen_at" = ?
  where "id" = ?
--   SEARCH session USING INDEX sqlite_autoindex_session_1 (id=?)

-- A KEY OF THE API

select "k"."id", "k"."subject_id", "k"."scopes", "k"."last_used_at"
  from "api_key" as "k"
  inner join "subject" as "s" on "s"."id" = "k"."subject_id"
  where "k"."hash" = ? and "k"."revoked_at" is null and ("k"."expires_at" is null or "k"."expires_at" > ?) and "s"."status" = ?
--   SEARCH k USING INDEX api_key_hash (hash=?)
--   SEARCH s USING COVERING INDEX subject_by_status (status=? AND id=?)

update "api_key"
  set "last_used_at" = ?
  where "id" = ?
--   SEARCH api_key USING INDEX sqlite_autoindex_api_key_1 (id=?)

-- A PAGE OF THE STATEMENT OF CREDITS

select l.*, (select balance - held
  from ledger_account
  where id = ?) - (coalesce(((select sum("e"."amount") as "n"
  from "ledger_transfer" as "t"
  inner join "ledger_entry" as "e" on "e"."transfer_id" = "t"."id"
  where "t"."subject_id" = ? and "e"."account_id" = ? and "t"."kind" <> ? and "t"."id" >= ?)), 0) + coalesce(((select sum(case when h.state = 'released' then 0 else -h.amount end) as "n"
  from "credit_hold" as "h"
  where "h"."subject_id" = ? and "h"."id" >= ?)), 0)) as left_at_top
  from (select *
  from ((select substr("t"."id", 5) as "place", "t"."at" as "at", "t"."kind" as "kind", "t"."key" as "key", null as "state", null as "generation_id", null as "generation_state", "e"."amount" as "amount", "e"."amount" as "effect"
  from "ledger_transfer" as "t"
  inner join "ledger_entry" as "e" on "e"."transfer_id" = "t"."id"
  where "t"."subject_id" = ? and "e"."account_id" = ? and "t"."kind" <> ? and "t"."id" < ?
  order by "t"."id" desc limit ?)) x
  union all select *
  from ((select substr("h"."id", 5) as "place", "h"."created_at" as "at", null as "kind", null as "key", "h"."state" as "state", "h"."generation_id" as "generation_id", "g"."state" as "generation_state", "h"."amount" as "amount", case when h.state = 'released' then 0 else -h.amount end as "effect"
  from "credit_hold" as "h"
  left join "generation" as "g" on "g"."id" = "h"."generation_id"
  where "h"."subject_id" = ? and "h"."id" < ?
  order by "h"."id" desc limit ?)) y) l
  order by place desc limit ?
--   SEARCH t USING INDEX ledger_transfer_of_subject (subject_id=? AND id<?)
--   SEARCH e USING INDEX ledger_entry_of_transfer (transfer_id=?)
--   SCAN x
--   SEARCH h USING INDEX credit_hold_of_subject (subject_id=? AND id<?)
--   SEARCH g USING INDEX sqlite_autoindex_generation_1 (id=?) LEFT-JOIN
--   SCAN y
--   SCAN l
--   SEARCH ledger_account USING INDEX sqlite_autoindex_ledger_account_1 (id=?)
--   SEARCH t USING INDEX ledger_transfer_of_subject (subject_id=? AND id>?)
--   SEARCH e USING INDEX ledger_entry_of_transfer (transfer_id=?)
--   SEARCH h USING INDEX credit_hold_of_subject (subject_id=? AND id>?)
--   USE TEMP B-TREE FOR ORDER BY

-- THE NEXT JOB

select queue, priority
  from (select *
  from ( select queue, priority, run_at
  from job
  where queue = ? and state = 'waiting' and run_at <= ?
  order by priority, run_at, id limit 1))
  order by priority, run_at limit 1
--   SEARCH job USING COVERING INDEX job_claimable (queue=?)
--   SCAN (subquery-1)

update job
  set state = 'active', attempt = attempt + 1, worker = ?, lease_until = ?
  where id = ( select id
  from (select id, subject_id, run_at
  from job
  where queue = ? and state = 'waiting' and priority = ? and run_at <= ?
  order by run_at, id limit 1000)
  where subject_id is null or subject_id not in (select subject_id
  from job
  where state = 'active' and queue = ? and subject_id is not null) limit 1)
  returning *
--   SEARCH job USING INDEX sqlite_autoindex_job_1 (id=?)
--   SEARCH job USING INDEX job_claimable (queue=? AND priority=? AND run_at<?)
--   SCAN (subquery-1)
--   SEARCH job USING INDEX job_ended (state=?)

-- WHAT IS PAST ITS DEADLINE

select "id"
  from "generation"
  where "state" in (?, ?, ?, ?) and "deadline_at" < ? limit ?
--   SEARCH generation USING INDEX generation_by_state (state=?)

-- A BATCH OF EACH RULE OF RETENTION

select "id", "key_id"
  from "generation"
  where "expires_at" <= ?
  order by "expires_at" limit ?
--   SEARCH generation USING INDEX generation_by_expiry (expires_at<?)

update "generation"
  set "prompt_sealed" = ?, "texts_sealed" = ?, "state" = ?, "updated_at" = ?, "expires_at" = ?, "seq" = seq + 1
  where "id" = ? and "state" in (?, ?, ?, ?)
  returning "seq", "subject_id", "credit_hold_id", "key_id"
--   SEARCH generation USING INDEX sqlite_autoindex_generation_1 (id=?)

delete from "stamp"
  where "generation_id" = ?
--   SEARCH stamp USING COVERING INDEX stamp_of_generation (generation_id=?)

delete from "asset"
  where "generation_id" = ?
--   SEARCH asset USING COVERING INDEX asset_of_generation (generation_id=?)
--   SEARCH stamp USING COVERING INDEX sqlite_autoindex_stamp_1 (asset_id=?)

select *
  from "attempt"
  where "generation_id" = ?
  order by "number"
--   SEARCH attempt USING INDEX attempt_number (generation_id=?)

select "id"
  from "generation"
  where "state" in (?, ?) and "updated_at" < ? limit ?
--   SEARCH generation USING INDEX generation_by_state (state=?)

select *
  from "reference" as "r"
  where "r"."created_at" < ? and not exists (select "g"."id"
  from "generation_input" as "i"
  inner join "generation" as "g" on "g"."id" = "i"."generation_id"
  where "i"."reference_id" = "r"."id" and "g"."state" not in (?, ?))
  order by "r"."id" limit ?
--   SCAN r USING INDEX sqlite_autoindex_reference_1
--   SEARCH i USING INDEX generation_input_of_reference (reference_id=?)
--   SEARCH g USING INDEX sqlite_autoindex_generation_1 (id=?)

delete from "api_request"
  where ("id") in (select "id"
  from "api_request"
  where "at" < ? limit ?) and "at" < ?
--   SEARCH api_request USING INDEX sqlite_autoindex_api_request_1 (id=?)
--   SEARCH api_request USING INDEX api_request_by_age (at<?)

delete from "session"
  where ("id") in (select "id"
  from "session"
  where "expires_at" < ? limit ?) and "expires_at" < ?
--   SEARCH session USING INDEX sqlite_autoindex_session_1 (id=?)
--   SEARCH session USING INDEX session_by_expiry (expires_at<?)

delete from "session"
  where ("id") in (select "id"
  from "session"
  where "created_at" < ? limit ?) and "created_at" < ?
--   SEARCH session USING INDEX sqlite_autoindex_session_1 (id=?)
--   SEARCH session USING INDEX session_by_age (created_at<?)

delete from "one_time_token"
  where ("id") in (select "id"
  from "one_time_token"
  where "expires_at" < ? limit ?) and "expires_at" < ?
--   SEARCH one_time_token USING INDEX sqlite_autoindex_one_time_token_1 (id=?)
--   SEARCH one_time_token USING INDEX one_time_token_by_expiry (expires_at<?)

delete from "rate_counter"
  where ("key") in (select "key"
  from "rate_counter"
  where "resets_at" < ? limit ?) and "resets_at" < ?
--   SEARCH rate_counter USING INDEX sqlite_autoindex_rate_counter_1 (key=?)
--   SEARCH rate_counter USING INDEX rate_counter_by_reset (resets_at<?)

delete from "retention_run"
  where ("id") in (select "id"
  from "retention_run"
  where "started_at" < ? limit ?) and "started_at" < ?
--   SEARCH retention_run USING INDEX sqlite_autoindex_retention_run_1 (id=?)
--   SEARCH retention_run USING INDEX retention_run_by_age (started_at<?)

delete from "transfer"
  where ("id") in (select "id"
  from "transfer"
  where "id" < ? limit ?) and "id" < ?
--   SEARCH transfer USING COVERING INDEX sqlite_autoindex_transfer_1 (id=?)
--   SEARCH transfer USING COVERING INDEX sqlite_autoindex_transfer_1 (id<?)

delete from "offer_change"
  where ("id") in (select "id"
  from "offer_change"
  where "at" < ? limit ?) and "at" < ?
--   SEARCH offer_change USING INDEX sqlite_autoindex_offer_change_1 (id=?)
--   SEARCH offer_change USING INDEX offer_change_by_age (at<?)

delete from "webhook_delivery"
  where ("provider", "delivery") in (select "provider", "delivery"
  from "webhook_delivery"
  where "at" < ? limit ?) and "at" < ?
--   SEARCH webhook_delivery USING INDEX sqlite_autoindex_webhook_delivery_1 (provider=? AND delivery=?)
--   SEARCH webhook_delivery USING INDEX webhook_delivery_by_age (at<?)

delete from "provider_reading"
  where ("provider", "at") in (select "provider", "at"
  from "provider_reading"
  where "at" < ? limit ?) and "at" < ?
--   SEARCH provider_reading USING COVERING INDEX sqlite_autoindex_provider_reading_1 (provider=? AND at=?)
--   SEARCH provider_reading USING INDEX provider_reading_by_age (at<?)

delete from "idempotency"
  where ("subject_id", "key_hash") in (select "subject_id", "key_hash"
  from "idempotency"
  where "created_at" < ? limit ?) and "created_at" < ?
--   SEARCH idempotency USING INDEX sqlite_autoindex_idempotency_1 (subject_id=? AND key_hash=?)
--   SEARCH idempotency USING INDEX idempotency_by_age (created_at<?)

select "id", "key_id"
  from "mail"
  where "id" < ? limit ?
--   SEARCH mail USING INDEX sqlite_autoindex_mail_1 (id<?)

delete from "generation_input"
  where "source_id" in (?)
--   SEARCH generation_input USING COVERING INDEX generation_input_of_source (source_id=?)

delete from "generation_event"
  where "generation_id" in (?)
--   SEARCH generation_event USING COVERING INDEX sqlite_autoindex_generation_event_1 (generation_id=?)

delete from "generation_input"
  where "generation_id" in (?)
--   SEARCH generation_input USING COVERING INDEX sqlite_autoindex_generation_input_1 (generation_id=?)

delete from "attempt"
  where "generation_id" in (?)
--   SEARCH attempt USING COVERING INDEX attempt_number (generation_id=?)

delete from "screening"
  where "generation_id" in (?)
--   SEARCH screening USING COVERING INDEX screening_of_generation (generation_id=?)

delete from "idempotency"
  where "generation_id" in (?)
--   SEARCH idempotency USING COVERING INDEX idempotency_of_generation (generation_id=?)

delete from "generation"
  where "id" in (?)
--   SEARCH generation USING INDEX sqlite_autoindex_generation_1 (id=?)
--   SEARCH idempotency USING COVERING INDEX idempotency_of_generation (generation_id=?)
--   SEARCH screening USING COVERING INDEX screening_of_generation (generation_id=?)
--   SEARCH stamp USING COVERING INDEX stamp_of_generation (generation_id=?)
--   SEARCH asset USING COVERING INDEX asset_of_generation (generation_id=?)
--   SEARCH attempt USING COVERING INDEX attempt_number (generation_id=?)
--   SEARCH generation_input USING COVERING INDEX generation_input_of_source (source_id=?)
--   SEARCH generation_input USING COVERING INDEX sqlite_autoindex_generation_input_1 (generation_id=?)
--   SEARCH generation_event USING COVERING INDEX sqlite_autoindex_generation_event_1 (generation_id=?)
