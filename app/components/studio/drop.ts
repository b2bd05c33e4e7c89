import type { ModelRecord } from '#app/studio/catalogue/record.ts'
import { kindOf, rolesOfWay, type Way } from '#app/studio/creations/offer.schema.ts'
import type { InputRole } from '#core/db/schema/studio.ts'
import type { GivenFile } from './reference-upload.ts'

/**
 * What a dropped or pasted file is for: a free place in what is in sight, then in another way of the model's, then the
 * place of the one file that it may have. Undefined when the model takes none of its kind.
 */
export function roleFor(
  kind: (typeof kindOf)[InputRole],
  model: ModelRecord,
  { ways, way, files }: { ways: readonly Way[]; way: Way | undefined; files: { all: readonly GivenFile[] } },
): { way: Way; role: InputRole } | undefined {
  const inOrder = [...ways].sort((a, b) => Number(b === way) - Number(a === way))
  const places = inOrder.flatMap((one) =>
    rolesOfWay[one]
      .filter((role) => model.inputs[role] && kindOf[role] === kind)
      .map((role) => ({ way: one, role })),
  )
  const given = (role: InputRole) =>
    files.all.filter((file) => file.role === role && file.state !== 'refused').length
  const most = (role: InputRole) => model.inputs[role]?.most ?? 0
  const own = places.filter((place) => place.way === way)
  const near = own.length > 0 ? own : places
  return near.find(({ role }) => given(role) < most(role)) ?? near.find(({ role }) => most(role) === 1)
}
