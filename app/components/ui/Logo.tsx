/** The mark: a frame's two corners with a dot. */
export function Logo({ size = 28 }: { size?: number }) {
  return (
    <svg viewBox="0 0 28 28" width={size} height={size} aria-hidden="true" className="shrink-0 text-ink">
      <path d="M1.5 13V1.5H13M26.5 15v11.5H15" fill="none" stroke="currentColor" strokeWidth={3} />
      <circle cx={14} cy={14} r={3.2} className="fill-accent" />
    </svg>
  )
}

export function Brand({ name }: { name: string }) {
  return (
    <span className="flex items-center gap-2.5 font-semibold text-ink">
      <Logo size={20} />
      {name}
    </span>
  )
}
