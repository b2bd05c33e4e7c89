import { createContext, useContext } from 'react'

/**
 * What only the server's rendering knows. The nonce must not travel in loader data: the browser hides it from the page
 * on purpose, and a later answer would bring another one.
 */
export interface ServerOnlyValues {
  nonce?: string
}

const Context = createContext<ServerOnlyValues>({})

export const ServerOnly = Context.Provider

export function useNonce(): string | undefined {
  return useContext(Context).nonce
}
