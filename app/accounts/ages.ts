/**
 * From which age a person may have an account by themselves. Data with sources: 16 in the EEA and the United Kingdom
 * (promise A1; the highest age that GDPR Art. 8(1) allows, taken for all of them so that nobody is let in too early),
 * 14 in Korea (Personal Information Protection Act, Art. 22-2), 13 elsewhere (COPPA, 15 USC 6501(1)).
 */
const sixteen = new Set(
  'AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE IS LI NO GB GI GG JE IM'.split(
    ' ',
  ),
)

export function requiredAge(region: string): number {
  const country = region.slice(0, 2)
  if (sixteen.has(country)) return 16
  if (country === 'KR') return 14
  return 13
}

/**
 * Old enough, by year and month of birth alone: nobody is asked for the day, so in the month itself the answer is no
 * until the month is over. `now` in ms; the month is taken in UTC.
 */
export function isOldEnough(region: string, birth: { year: number; month: number }, now: number): boolean {
  const today = new Date(now)
  const months = (today.getUTCFullYear() - birth.year) * 12 + (today.getUTCMonth() + 1 - birth.month)
  return months > requiredAge(region) * 12
}
