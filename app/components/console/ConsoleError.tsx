import { ErrorWords } from '#app/components/shells/RootError.tsx'

/** A page that cannot be shown, within the console, so that its sidebar stays. */
export function ConsoleError() {
  return <ErrorWords />
}
