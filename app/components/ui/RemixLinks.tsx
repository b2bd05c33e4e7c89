import { useHref, useNavigate } from '@remix-run/react'
import type { ReactNode } from 'react'
import { RouterProvider } from 'react-aria-components'

/** Links inside React Aria's collections change the page as Remix's own do. */
export function RemixLinks({ children }: { children: ReactNode }) {
  const navigate = useNavigate()
  return (
    <RouterProvider navigate={(to) => navigate(to)} useHref={useHref}>
      {children}
    </RouterProvider>
  )
}
