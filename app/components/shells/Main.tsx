import type { ReactNode } from 'react'

/** The page's content, where the skip link leads. */
export function Main({ className, children }: { className: string; children: ReactNode }) {
  return (
    <main id="main" tabIndex={-1} className={`outline-none ${className}`}>
      {children}
    </main>
  )
}
