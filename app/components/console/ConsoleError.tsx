import { useRouteLoaderData } from '@remix-run/react'
import { ErrorWords } from '#app/components/shells/RootError.tsx'

/** A page that cannot be shown, within the console, so that its sidebar stays. It may take the place of a form just sent. */
export function ConsoleError() {
  const root = useRouteLoaderData('root') as { traceId: string } | undefined
  return (
    <div role="alert">
      <ErrorWords traceId={root?.traceId} />
    </div>
  )
}
