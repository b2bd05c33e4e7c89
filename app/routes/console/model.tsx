import { redirect } from '@remix-run/node'
import { useActionData, useLoaderData } from '@remix-run/react'
import { may } from '#app/accounts/permissions.ts'
import { titled } from '#app/components/account/titled.ts'
import { Model } from '#app/components/console/Model.tsx'
import * as forms from '#app/console/catalogue.schema.ts'
import { type ModelPage, modelPage } from '#app/console/catalogue.ts'
import * as acts from '#app/console/model-acts.ts'
import { pageAction, pageLoader } from '#app/http/page.ts'
import { paths } from '#app/paths.ts'
import { tryPrice } from '#app/studio/catalogue/examples.ts'
import { say } from '#core/i18n/say.ts'
import { LONGEST_RECORD, staffActs } from './staff-acts.ts'

export { ConsoleError as ErrorBoundary } from '#app/components/console/ConsoleError.tsx'

export const meta = titled(say('Model'), say('Console'))

export const loader = pageLoader({ staff: 'catalogue.read' }, async ({ house, who, params }) => ({
  model: await modelPage(house, params.id ?? ''),
  mayChange: may(who.actor.role, 'catalogue.change'),
}))

const guard = { staff: 'catalogue.change' } as const

export const action = staffActs(
  'catalogue.read',
  {
    switch: pageAction({
      guard,
      input: forms.switchModelSchema,
      act: ({ house, who, params, input }) => acts.switchModel(house, who.actor, params.id ?? '', input.to),
    }),
    lifecycle: pageAction({
      guard,
      input: forms.lifecycleSchema,
      keep: ['state', 'sunset_on', 'replacement'],
      fieldErrors: { sunset_on: say('Give a date, or leave it empty.') },
      act: ({ house, who, params, input }) =>
        acts.changeLifecycle(house, who.actor, params.id ?? '', {
          state: input.state,
          sunsetOn: input.sunset_on,
          replacement: input.replacement,
        }),
    }),
    price: pageAction({
      guard,
      input: forms.priceSchema,
      keep: ['rule'],
      act: ({ house, who, params, input }) => acts.changePrice(house, who.actor, params.id ?? '', input.rule),
    }),
    limits: pageAction({
      guard,
      input: forms.modelLimitsSchema,
      keep: ['most_seconds', 'most_live'],
      fieldErrors: {
        most_seconds: say('Give whole seconds, or leave it empty.'),
        most_live: say('Give a whole number from 1 to 1000, or leave it empty.'),
      },
      act: ({ house, who, params, input }) =>
        acts.changeModelLimits(house, who.actor, params.id ?? '', {
          mostSeconds: input.most_seconds === '' ? null : input.most_seconds,
          mostLive: input.most_live === '' ? null : input.most_live,
        }),
    }),
    switch_route: pageAction({
      guard,
      input: forms.switchRouteSchema,
      act: ({ house, who, params, input }) => acts.switchRoute(house, who.actor, params.id ?? '', input),
    }),
    move_route: pageAction({
      guard,
      input: forms.moveRouteSchema,
      act: ({ house, who, params, input }) => acts.moveRoute(house, who.actor, params.id ?? '', input),
    }),
    cost: pageAction({
      guard,
      input: forms.costSchema,
      keep: ['route', 'rule'],
      act: ({ house, who, params, input }) => acts.changeCost(house, who.actor, params.id ?? '', input),
    }),
    record: pageAction({
      guard,
      input: forms.recordSchema,
      keep: ['record'],
      act: ({ house, who, params, input }) =>
        acts.changeRecord(house, who.actor, params.id ?? '', input.record),
    }),
    remove_record: pageAction({
      guard,
      input: forms.removeModelSchema,
      async act({ house, who, params, input }) {
        await acts.removeRecord(house, who.actor, params.id ?? '', input.confirm)
        return redirect(paths.models())
      },
    }),
  },
  LONGEST_RECORD,
)

export default function ModelPageRoute() {
  const { model, mayChange } = useLoaderData<typeof loader>()
  const given = model as ModelPage
  return (
    <Model
      model={given}
      tried={(rule) =>
        given.readable
          ? tryPrice(given.record, rule || given.given.price, given.creditMicroUsd, given.allRoutes)
          : { fault: null, examples: [] }
      }
      mayChange={mayChange}
      answer={useActionData<typeof action>()}
    />
  )
}
