import type { Keyring } from '#core/crypto/keyring/keyring.ts'

/** One spelling for an address, so that a person is found however they type it. */
export function normalAddress(address: string): string {
  return address.trim().normalize('NFKC').toLowerCase()
}

/** Accounts are found by a keyed hash of the address; the address itself is sealed. */
export function addressHash(keyring: Keyring, address: string): Promise<string> {
  return keyring.keyedHash('address-index', normalAddress(address))
}

/** `m•••@e•••.org`: enough to recognise one's own, too little to write to. */
export function maskAddress(address: string): string {
  const [local = '', domain = ''] = address.split('@')
  const dot = domain.lastIndexOf('.')
  const host = dot > 0 ? domain.slice(0, dot) : domain
  const ending = dot > 0 ? domain.slice(dot) : ''
  return `${[...local][0] ?? ''}•••@${[...host][0] ?? ''}•••${ending}`
}
