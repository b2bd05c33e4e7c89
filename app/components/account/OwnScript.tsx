import { useNonce } from '#app/components/server-only-values.ts'

/**
 * The house's own small scripts. `timeZone` notes the browser's zone, which no header tells, where somebody signs up or
 * in, in a cookie that goes with the browser's session (listed in `compliance/data-map/elsewhere.ts`); `film` starts the film of the start page, unless the visitor
 * asked for less motion.
 */
const scripts = {
  timeZone: `try{var z=Intl.DateTimeFormat().resolvedOptions().timeZone;if(z)document.cookie='tz='+encodeURIComponent(z)+';path=/;samesite=lax'+(location.protocol==='https:'?';secure':'')}catch(e){}`,
  film: `(function(){var v=document.querySelector('video[data-film]');if(v&&!matchMedia('(prefers-reduced-motion: reduce)').matches){v.muted=true;v.play().catch(function(){})}})()`,
} as const

export function OwnScript({ run }: { run: keyof typeof scripts }) {
  return (
    <script
      nonce={useNonce()}
      suppressHydrationWarning
      // biome-ignore lint/security/noDangerouslySetInnerHtml: a constant of this file
      dangerouslySetInnerHTML={{ __html: scripts[run] }}
    />
  )
}
