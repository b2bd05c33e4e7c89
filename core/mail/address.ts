/** One bare address (RFC 5321, 4.1.2, without quoting) and nothing that an address parser or a header could take for more. */
export function isOneAddress(text: string): boolean {
  return (
    text.length <= 254 && /^[^\s@<>(),;:"\\[\]\p{Cc}]{1,64}@[^\s@<>(),;:"\\[\]\p{Cc}]{1,253}$/u.test(text)
  )
}
