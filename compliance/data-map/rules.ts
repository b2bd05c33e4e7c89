import type { Json } from '#core/db/columns.ts'
import type { Schema } from '#core/db/schema/schema.ts'

/**
 * The shape of the data map: what every table and column holds, whose it is, and what happens to it. The map is typed
 * after the database, so a table or column that nobody classified does not compile.
 */
export interface TableRule<T extends keyof Schema> {
  /** What a row is, in words that the record of processing and the policy can print. */
  what: string
  /** The people a row may concern, each in a role, and the column that names them; or why it concerns nobody. */
  people: PeopleRule<Schema[T]>
  purpose: Purpose
  basis: Basis
  keep: Keep
  recipients: readonly Recipient[]
  columns: { readonly [C in keyof Schema[T]]-?: ColumnRule<Schema[T][C]> }
}

export type PeopleRule<Row> = { readonly nobody: string } | { readonly [R in Role]?: RoleRule<Row> }

/** What a person may be to a row. Erasing one never deletes or exports another's part. */
export type Role = 'owner' | 'target' | 'notifier' | 'referrer' | 'staff'

export interface RoleRule<Row> {
  column: keyof Row & string
  /** What erasing that person does to the row. */
  erasure: Erasure<Row>
}

export type Erasure<Row> =
  /** The row goes; where it has a key, the key is destroyed first. */
  | { readonly act: 'delete' }
  /** The row stays without these columns, since it serves others too. */
  | { readonly act: 'clear'; readonly columns: readonly (keyof Row & string)[] }
  /** The row stays until an end date, because a law asks for it. */
  | { readonly act: 'keep'; readonly law: string; readonly until: string }

export type Purpose =
  | 'account'
  | 'making_videos'
  | 'safety'
  | 'security'
  | 'billing'
  | 'accountability'
  | 'operation'

/** Articles of the GDPR; other regimes are mapped from these. */
export type Basis =
  | 'contract 6(1)(b)'
  | 'legal duty 6(1)(c)'
  | 'legitimate interests 6(1)(f)'
  | 'no personal data'

export type Keep =
  | { readonly for: 'account' | 'creation' | 'reference' }
  | { readonly days: number | Setting; readonly after: string }
  | { readonly always: string }

/** A length of time that the operator sets; the name of the setting. */
export type Setting = 'KEEP_UNSAVED_DAYS' | 'KEEP_API_LOG_DAYS' | 'KEEP_LOG_DAYS' | 'KEEP_AUDIT_DAYS'

/** Who receives it besides the operator. Processors get their own register with the first that is real. */
export type Recipient = 'mail server'

/** The published list of what is collected (promise C1 compares the account's columns with it). */
export type Category =
  | 'name'
  | 'email'
  | 'region'
  | 'language'
  | 'device_class'
  | 'password_hash'
  | 'age_answer'
  | 'account_state'
  | 'content'
  | 'settings'
  | 'usage'
  | 'security'
  | 'credits'
  | 'screening'
  | 'reason'
  | 'technical'

interface Plain {
  data: Category
  /** The name under which the person gets it, or why it is left out of the package. */
  export: string | { readonly withheld: string }
  /** Sealed under the row's key: the value is unreadable without the keyring. */
  sealed?: true
}

/** A JSON column is classified key by key; a list or a record by what each of its values is. */
export type ColumnRule<Value> =
  NonNullable<Value> extends Json<infer Shape>
    ? Plain &
        (IsOpen<Shape> extends true ? { each: Plain } : { keys: { readonly [K in keyof Shape]-?: Plain } })
    : Plain

type IsOpen<Shape> = unknown extends Shape
  ? true
  : Shape extends readonly unknown[]
    ? true
    : string extends keyof Shape
      ? true
      : false

/** For columns that only serve the machine. */
export const technical = { data: 'technical', export: { withheld: 'serves only the machine' } } as const
export const secret = {
  data: 'security',
  export: { withheld: 'would open the account to whoever reads it' },
} as const
