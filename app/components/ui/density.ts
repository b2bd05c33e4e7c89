import { createContext, useContext } from 'react'

/** The studio is roomy, the console dense. Controls take their height and titles their face from it. */
export type Density = 'roomy' | 'dense'

const DensityContext = createContext<Density>('roomy')

export const DensityProvider = DensityContext.Provider

export function useDensity(): Density {
  return useContext(DensityContext)
}
