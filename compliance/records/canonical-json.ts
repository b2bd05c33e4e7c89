/**
 * One spelling for a flat JSON value, after RFC 8785 (JSON Canonicalization Scheme): keys sorted by UTF-16 code units,
 * no white space. Enough for the values that the audit log allows, which do not nest.
 */
export function canonicalJson(value: Readonly<Record<string, string | number | boolean | null>>): string {
  const keys = Object.keys(value).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  return JSON.stringify(Object.fromEntries(keys.map((key) => [key, value[key]])))
}
