/** One thing that the doctor looked at. */
export interface Finding {
  about: string
  state: 'good' | 'warning' | 'error'
  says: string
  /** What to do about it. */
  mend?: string
}

export const good = (about: string, says: string): Finding => ({ about, state: 'good', says })
export const warning = (about: string, says: string, mend: string): Finding => ({
  about,
  state: 'warning',
  says,
  mend,
})
export const wrong = (about: string, says: string, mend: string): Finding => ({
  about,
  state: 'error',
  says,
  mend,
})
