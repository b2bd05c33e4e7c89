import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RawBuilder } from 'kysely'
import type { PromiseGround } from '#compliance/promises/promise.ts'
import { runPromises } from '#compliance/promises/run.ts'
import { reportOf } from '#compliance/provenance/report.ts'
import type { Tx } from '#core/db/schema/schema.ts'
import { newId } from '#core/ids/ids.ts'
import { promiseGround } from '#jobs/promises.ts'
import type { GroundName } from '#test/grounds.ts'
import { aHouse, aPerson, type TestHouse, type TestPerson } from './house.ts'

export interface PromiseBed {
  house: TestHouse
  ana: TestPerson
  /** What the checks look at; a test exchanges a part to make it fail. */
  ground: PromiseGround
  look(id: string): Promise<Record<string, unknown>>
  write(work: (tx: Tx) => Promise<unknown>): Promise<unknown>
  /** Past the guards of types and keys, as a fault or an intruder would. */
  raw(statement: RawBuilder<unknown>): Promise<unknown>
  /** A line of the API's log. */
  call(changes: object): Promise<unknown>
}

export const logDay = (ms: number) => `fairframe-${new Date(ms).toISOString().slice(0, 10)}.log`

/** A house with one person and today's log, whose files read as signed by it: the reader is tested with real files. */
export async function aPromiseBed(dialect: GroundName): Promise<PromiseBed> {
  const house = await aHouse(dialect)
  const ana = await aPerson(house)
  const good = { ...reportOf({ kind: 'nothing' }), integrity: 'unchanged', state: 'Trusted' } as const
  const readProvenance = async () => ({
    ...good,
    signer: { trusted: 'ours', name: null, organisation: null, serial: null, signedAt: null } as const,
    generation: await house.db.read
      .selectFrom('stamp')
      .select('public_id')
      .executeTakeFirstOrThrow()
      .then(({ public_id }) => ({ publicId: public_id, verifyUrl: '' })),
  })
  const ground: PromiseGround = { ...(await promiseGround(house, undefined)), readProvenance }
  await mkdir(ground.folders.logs, { recursive: true })
  await writeFile(join(ground.folders.logs, logDay(house.clock.now())), '{"msg":"ready"}\n')
  const bed: PromiseBed = {
    house,
    ana,
    ground,
    async look(id) {
      const [found] = await runPromises(bed.ground, { ids: [id] })
      return { state: found?.state, ...found?.evidence }
    },
    write: (work) => house.db.transaction(work),
    raw: (statement) => statement.execute(house.db.maintenance as never),
    call: (changes) =>
      house.db.transaction((tx) =>
        tx
          .insertInto('api_request')
          .values({
            id: newId('event', house.clock.now()),
            at: house.clock.now(),
            api_key_id: null,
            method: 'GET',
            endpoint: '/api/v1/generations/{id}',
            status: 200,
            ms: 1,
            bytes: 1,
            ...changes,
          })
          .execute(),
      ),
  }
  return bed
}
