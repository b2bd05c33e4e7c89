/** A person's picture, or the first letters of their name. The name itself stands beside it or on its button. */
export function Avatar({ name, picture, size = 28 }: { name: string; picture?: string; size?: number }) {
  const shape = 'shrink-0 rounded-full bg-accent-soft text-accent'
  if (picture)
    return <img src={picture} alt="" width={size} height={size} className={`${shape} object-cover`} />
  return (
    <span
      aria-hidden="true"
      // Drawn, not written: it is a picture of the name, which is said beside it.
      data-initials={initials(name)}
      className={`${shape} inline-grid select-none place-items-center font-semibold text-xs before:content-[attr(data-initials)]`}
      style={{ width: size, height: size }}
    />
  )
}

export function initials(name: string): string {
  const words = name
    .trim()
    .split(/[\s@._-]+/u)
    .filter(Boolean)
  const letters = words.length > 1 ? [words[0], words[words.length - 1]] : [words[0]]
  return letters
    .map((word) => [...(word ?? '')][0] ?? '')
    .join('')
    .toLocaleUpperCase()
}
