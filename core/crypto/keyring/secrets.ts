/** Named secrets of the installation (for keyed hashes, links, signatures): made at first use, the same ever after. */
import { createHmac, randomBytes } from 'node:crypto'
import type { Clock } from '#core/clock/clock.ts'
import type { KeyringGround } from './schema.ts'
import { writeWrapped } from './wrapped-write.ts'
import { type InstallationRing, ownerOfSecret } from './wrapping.ts'

const SECRET_BYTES = 32

export class Secrets {
  readonly #ground: KeyringGround
  readonly #ring: InstallationRing
  readonly #clock: Clock
  readonly #known = new Map<string, Promise<Uint8Array>>()

  constructor(ground: KeyringGround, ring: InstallationRing, clock: Clock) {
    this.#ground = ground
    this.#ring = ring
    this.#clock = clock
  }

  /** 32 bytes. The names are the code's own, never a person's input. */
  async secret(name: string): Promise<Uint8Array> {
    const known = this.#known.get(name) ?? this.#find(name)
    this.#known.set(name, known)
    try {
      return Uint8Array.from(await known)
    } catch (error) {
      this.#known.delete(name)
      throw error
    }
  }

  /** HMAC-SHA-256 of `text` as base64url: the same text is found again, but no one can guess it without the keyring. */
  async keyedHash(name: string, text: string): Promise<string> {
    return createHmac('sha256', await this.secret(name))
      .update(text, 'utf8')
      .digest('base64url')
  }

  async #find(name: string): Promise<Uint8Array> {
    const row = (await this.#read(name)) ?? (await this.#make(name))
    await this.#ring.find([row.wrapped_by])
    return this.#ring.unwrap(ownerOfSecret(row), row)
  }

  #read(name: string) {
    return this.#ground.read.selectFrom('secret').selectAll().where('name', '=', name).executeTakeFirst()
  }

  async #make(name: string) {
    const bytes = randomBytes(SECRET_BYTES)
    const wrapped = () => this.#ring.wrap(ownerOfSecret({ name }), bytes)
    await writeWrapped(this.#ground, this.#ring, wrapped, async (tx, secret) => {
      await tx
        .insertInto('secret')
        .values({ name, ...secret, created_at: this.#clock.now() })
        // Another process made it first: then its secret is the secret.
        .onConflict((conflict) => conflict.column('name').doNothing())
        .execute()
    })
    const row = await this.#read(name)
    if (!row) throw new Error(`The secret ${name} is not there right after it was made`)
    return row
  }
}
